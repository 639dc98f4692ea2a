"""The promises that petitions keep in the database, each with a query that looks for breaches."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce, Lag

from lib import audit
from petitions import discovery
from petitions.models import Delta, Edit, Objection, Petition, SearchEntry, Tally, Transition
from petitions.states import PUBLIC, TRANSITIONS, State


def register() -> None:
    """Let `audit_invariants` prove these."""
    audit.register("petitions: every move is in the table", find_illegal_moves)
    audit.register("petitions: each move starts where the last one ended", find_broken_chains)
    audit.register("petitions: the state is where the last move ended", find_strayed_states)
    audit.register("petitions: no count is below zero", find_impossible_counts)
    audit.register("petitions: what was published has a frozen text", find_unfrozen_texts)
    audit.register("petitions: what was published had been approved or imported", find_unapproved_texts)
    audit.register("petitions: nobody decides on their own", find_own_decisions)
    audit.register(
        "petitions: objections are to refusals, decided by another and carried out", find_wrong_objections
    )
    audit.register("petitions: accepted edits were shown, others were not", find_wrong_edits)
    audit.register(
        "petitions: exactly the public and the rejected ones have an entry to be found by",
        find_wrong_search_entries,
    )
    audit.register("petitions: each tally has first goal and topic of its petition", find_wrong_tallies)


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


def find_unapproved_texts() -> Iterator[str]:
    """Name published petitions that no moderator has approved and no import has published."""
    first = Transition.objects.filter(petition=OuterRef("pk"), target=State.PUBLISHED)
    approved = first.filter(source=State.SUBMITTED, actor__isnull=False)
    imported = first.filter(source=State.DRAFT, actor__isnull=True)
    seen = Petition.objects.filter(state__in=(*PUBLIC, State.REMOVED))
    for pk, state in (
        seen.exclude(Exists(approved) | Exists(imported)).order_by("pk").values_list("pk", "state")
    ):
        yield f"petition {pk} is {state} and nobody has approved it"


def find_own_decisions() -> Iterator[str]:
    """Name decisions by the one who had sent the petition in."""
    sent = Transition.objects.filter(
        petition=OuterRef("petition"), target=State.SUBMITTED, actor=OuterRef("actor"), at__lte=OuterRef("at")
    ).exclude(source=State.REJECTED)
    decisions = Transition.objects.filter(Exists(sent), actor__isnull=False, source=State.SUBMITTED)
    for petition, pk in decisions.order_by("pk").values_list("petition", "pk"):
        yield f"petition {petition}: move {pk} was made by the one who had sent it in"


def find_wrong_objections() -> Iterator[str]:
    """Name objections to something else than a refusal, by another first decider, or without their consequence."""
    fitting = Q(
        transition__target__in=(State.REJECTED, State.REMOVED),
        transition__petition=F("petition"),
        transition__actor=F("first_decider"),
        made_at__gte=F("transition__at"),
    )
    undone = Transition.objects.filter(
        petition=OuterRef("petition"),
        source=OuterRef("transition__target"),
        actor=OuterRef("decider"),
        at__gte=OuterRef("decided_at"),
    )
    is_fine = fitting & (Q(upheld__isnull=True) | Q(upheld=False) | Exists(undone))
    wrong = Objection.objects.exclude(is_fine)
    for petition, pk in wrong.order_by("pk").values_list("petition", "pk"):
        yield f"petition {petition}: objection {pk} does not fit the record"


def find_wrong_edits() -> Iterator[str]:
    """Name edits of other petitions' texts, texts shown without having been accepted, and later ones passed over."""
    misplaced = ~Q(version__petition=F("petition")) | ~Q(basis__petition=F("petition"))
    sneaked = Q(petition__version=F("version")) & ~Q(accepted=True)
    lost = Q(accepted=True, petition__version=F("basis"))
    wrong = Edit.objects.filter(misplaced | sneaked | lost | Q(version__frozen_at__isnull=True))
    for petition, pk in wrong.order_by("pk").values_list("petition", "pk"):
        yield f"petition {petition}: edit {pk} does not fit its texts"


def find_wrong_search_entries() -> Iterator[str]:
    """Name public and rejected petitions without an entry, others that have one, and entries that say something else."""
    entry = Exists(SearchEntry.objects.filter(petition=OuterRef("pk")))
    for petition in Petition.objects.filter(~entry, state__in=discovery.INDEXED).order_by("pk"):
        yield f"petition {petition.pk} is {petition.state} and can’t be found"
    for petition in Petition.objects.exclude(state__in=discovery.INDEXED).filter(entry).order_by("pk"):
        yield f"petition {petition.pk} is {petition.state} and can be found"
    described = SearchEntry.objects.alias(
        about=Coalesce("topic", 0), own=Coalesce("petition__topic", 0)
    ).filter(petition__state__in=discovery.INDEXED)
    astray = described.filter(~Q(state=F("petition__state")) | ~Q(about=F("own")))
    for petition in Petition.objects.filter(search_entry__in=astray).order_by("pk"):
        yield f"petition {petition.pk}: its search entry has another state or topic"


def find_wrong_tallies() -> Iterator[str]:
    """Name petitions whose tally would call another share of the goal reached, or has another topic."""
    astray = Tally.objects.alias(about=Coalesce("topic", 0), own=Coalesce("petition__topic", 0))
    for petition in astray.exclude(about=F("own")).order_by("pk").values_list("pk", flat=True):
        yield f"petition {petition}: its tally has another topic"
    wrong = Tally.objects.exclude(first_goal=F("petition__first_goal")).order_by("pk")
    for petition, copied, goal in wrong.values_list("pk", "first_goal", "petition__first_goal"):
        yield f"petition {petition}: its first goal is {goal}, its tally says {copied}"
