"""The promises that petitions keep in the database, each with a query that looks for breaches."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce, Lag

from lib import audit
from petitions.models import Delta, Petition, SearchEntry, Transition
from petitions.states import PUBLIC, TRANSITIONS, State


def register() -> None:
    """Let `audit_invariants` prove these."""
    audit.register("petitions: every move is in the table", find_illegal_moves)
    audit.register("petitions: each move starts where the last one ended", find_broken_chains)
    audit.register("petitions: the state is where the last move ended", find_strayed_states)
    audit.register("petitions: no count is below zero", find_impossible_counts)
    audit.register("petitions: what was published has a frozen text", find_unfrozen_texts)
    audit.register("petitions: exactly the public ones are found by search", find_wrong_search_entries)


def find_illegal_moves() -> Iterator[str]:
    """Name recorded moves that nobody may make."""
    moves = Transition.objects.order_by().values_list("source", "target").distinct()
    for source, target in moves:
        if (source, target) not in TRANSITIONS:
            for transition in Transition.objects.filter(source=source, target=target).order_by("pk"):
                yield f"petition {transition.petition_id}: move {transition.pk} from {source} to {target}"


def find_broken_chains() -> Iterator[str]:
    """Name recorded moves that do not follow from the one before; the first one starts at the draft."""
    ended = Window(Lag("target"), partition_by="petition", order_by=["at", "pk"])
    moves = Transition.objects.annotate(ended=Coalesce(ended, Value(str(State.DRAFT))))
    for move in moves.exclude(source=F("ended")).order_by("pk"):
        yield f"petition {move.petition_id}: move {move.pk} starts at {move.source}, not at {move.ended}"


def find_strayed_states() -> Iterator[str]:
    """Name petitions whose state nobody recorded."""
    moves = Transition.objects.filter(petition=OuterRef("pk")).order_by("-at", "-pk")
    petitions = Petition.objects.annotate(
        recorded=Coalesce(Subquery(moves.values("target")[:1]), Value(str(State.DRAFT)))
    )
    strayed = petitions.exclude(state=F("recorded")).order_by("pk")
    for pk, state, recorded in strayed.values_list("pk", "state", "recorded"):
        yield f"petition {pk} is {state}, its record ends at {recorded}"


def find_impossible_counts() -> Iterator[str]:
    """Name petitions without a tally, or with a count below zero."""
    changes = Delta.objects.filter(petition=OuterRef("pk")).values("petition").annotate(sum=Sum("change"))
    count = F("tally__signatures") + Coalesce(Subquery(changes.values("sum")), Value(0))
    petitions = Petition.objects.annotate(count=count)
    impossible = petitions.filter(Q(count__lt=0) | Q(count=None)).order_by("pk")
    for pk, counted in impossible.values_list("pk", "count"):
        yield f"petition {pk} counts {counted}"


def find_unfrozen_texts() -> Iterator[str]:
    """Name petitions that were published and whose text could still be written over."""
    seen = Petition.objects.filter(state__in=(*PUBLIC, State.REMOVED))
    for petition in seen.filter(Q(version=None) | Q(version__frozen_at=None)).order_by("pk"):
        yield f"petition {petition.pk} is {petition.state} and its text is not frozen"


def find_wrong_search_entries() -> Iterator[str]:
    """Name public petitions that no search finds, and others that one does."""
    entry = Exists(SearchEntry.objects.filter(petition=OuterRef("pk")))
    for petition in Petition.objects.public().filter(~entry).order_by("pk"):
        yield f"petition {petition.pk} is {petition.state} and can’t be found"
    for petition in Petition.objects.exclude(state__in=PUBLIC).filter(entry).order_by("pk"):
        yield f"petition {petition.pk} is {petition.state} and can be found"
