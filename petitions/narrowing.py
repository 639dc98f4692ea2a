"""How the moderators' list is narrowed, and what is marked in it: questions that need more than one table."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest, Lower

from accounts.models import User
from petitions import discovery
from petitions.expressions import Words, plain, plainly
from petitions.models import (
    Edit,
    Objection,
    Petition,
    SearchEntry,
    Seed,
    Transition,
    TransitionReason,
    Version,
)
from petitions.querysets import PetitionQuerySet
from petitions.states import TRANSITIONS, Actor, State

Row = TypeVar("Row", bound=Model)
STAFF = {Actor.MODERATOR, Actor.SENIOR}
# From so many on it is quicker to look at one petition after the other than to collect what the indexes name.
MANY = 5_000
# The moves that moderators make; a new one in the table is a decision by that alone.
_DECISION = reduce(
    or_,
    (
        Q(source=source, target=target)
        for (source, target), move in TRANSITIONS.items()
        if move.actors <= STAFF
    ),
)


@dataclass(frozen=True)
class Decided:
    """What is asked of one decision on a petition; what is empty does not matter."""

    by: User | None = None
    reason: str = ""
    since: datetime | None = None
    before: datetime | None = None

    @property
    def is_asked(self) -> bool:
        """Whether anything matters."""
        return self != Decided()


def decisions() -> QuerySet[Transition]:
    """Return every move that a moderator has made, upholding an objection included."""
    return Transition.objects.filter(_DECISION)


def upheld_by(moves: Collection[int]) -> set[int]:
    """Return which of these moves an upheld objection made: the next one after the decision objected to."""
    following = Transition.objects.filter(petition=OuterRef("petition"), pk__gt=OuterRef("transition"))
    of_them = Objection.objects.filter(
        upheld=True, petition__in=Transition.objects.filter(pk__in=moves).values("petition")
    )
    made = of_them.annotate(made=Subquery(following.order_by("pk").values("pk")[:1]))
    return set(made.values_list("made", flat=True))


def with_marks(petitions: PetitionQuerySet) -> PetitionQuerySet:
    """Annotate `sent_again` (after changes were asked for) and `reopened` (an objection was upheld)."""
    again = Transition.objects.filter(source=State.CHANGES_REQUESTED, target=State.SUBMITTED)
    reopening = Objection.objects.reopening()
    return petitions.annotate(
        sent_again=Exists(again.filter(petition=OuterRef("pk"))),
        reopened=Exists(reopening.filter(petition=OuterRef("pk"))),
    )


def rows_of(keys: Sequence[int], *, asked: Decided | None = None) -> list[Petition]:
    """Return the petitions with these keys, in this order, as lists and questions show them: marked.

    `decided_at` is the latest decision that fits what is asked. The keys come first, in a statement of their own:
    joined before they are narrowed and sorted, a hundred thousand rows with their texts take seconds.
    """
    rows = with_marks(Petition.objects.for_lists()).filter(pk__in=keys)
    if asked and asked.is_asked:
        latest = [
            Subquery(each.filter(petition=OuterRef("pk")).order_by("-when", "-pk").values("when")[:1])
            for each in _fitting(asked)
        ]
        rows = rows.annotate(decided_at=Greatest(*latest) if len(latest) > 1 else latest[0])
    found = {row.pk: row for row in rows}
    return [found[key] for key in keys if key in found]


def decided(petitions: PetitionQuerySet, asked: Decided) -> PetitionQuerySet:
    """Keep those on which one decision fits all that is asked."""
    first, *others = (each.values("petition") for each in _fitting(asked))
    return petitions.filter(pk__in=first.union(*others, all=True) if others else first)


def imported(petitions: PetitionQuerySet, *, from_file: bool) -> PetitionQuerySet:
    """Keep those that came from a file, or all others."""
    came = Exists(Seed.objects.filter(petition=OuterRef("pk")))
    return petitions.filter(came if from_file else ~came)


def lacking_ask(petitions: PetitionQuerySet) -> PetitionQuerySet:
    """Keep the imported ones that do not say what they ask for."""
    return petitions.filter(pk__in=Seed.objects.filter(needs_ask=True).values("petition"), version__ask="")


def waiting_since_before(petitions: PetitionQuerySet, moment: datetime) -> PetitionQuerySet:
    """Keep those in the queue that came in by then."""
    return petitions.filter(state=State.SUBMITTED, submitted_at__lte=moment)


def objected_to(petitions: PetitionQuerySet) -> PetitionQuerySet:
    """Keep those whose starters wait for an answer to an objection."""
    return petitions.filter(pk__in=Objection.objects.waiting().order_by().values("petition"))


def to_be_reworded(petitions: PetitionQuerySet) -> PetitionQuerySet:
    """Keep those whose starters wait for an answer to a new wording."""
    return petitions.filter(pk__in=Edit.objects.waiting().order_by().values("petition"))


def found_by(petitions: PetitionQuerySet, words: str) -> PetitionQuerySet:
    """Keep those with all the words in title or starter's name, wherever; or, whole, in a text that has an entry."""
    first, *others = _finds(words)
    return petitions.filter(pk__in=first.union(*others))


def few_found_by(words: str) -> list[int] | None:
    """Return the keys of what `found_by` keeps, or nothing where there are many."""
    first, *others = _finds(words)
    keys = list(first.union(*others, all=True).values_list("key", flat=True)[: MANY + 1])
    return keys if len(keys) <= MANY else None


def looked_through(petitions: PetitionQuerySet, words: str) -> PetitionQuerySet:
    """Keep what `found_by` keeps, by a look at each: quick where many fit, if the first ones are enough."""
    titled = _has_parts("search_entry__title", words) | _has_parts("plain_title", words)
    fits = titled | _has_parts("plain_name", words) | Q(search_entry__vector=Words(words))
    plain_texts = petitions.alias(plain_title=plainly("version__title"), plain_name=plainly("starter_name"))
    return plain_texts.filter(fits)


def _finds(words: str) -> list[QuerySet[Any, Any]]:
    """Return the keys of what is found, by each of the indexes that know something."""
    # Entries are narrow rows with titles made plain; few petitions have none, and only their versions are read.
    entered = _with_parts(SearchEntry.objects.alias(said=F("title")), words)
    others = Petition.objects.exclude(state__in=discovery.INDEXED).alias(said=plainly("version__title"))
    named = _with_parts(Petition.objects.alias(said=plainly("starter_name")), words)
    worded = SearchEntry.objects.filter(vector=Words(words))
    finds: list[Any] = [entered, _with_parts(others, words), named, worded]
    return [each.values(key=F("pk")) for each in finds]


def entitled(words: str) -> PetitionQuerySet:
    """Return the petitions with all the words in their title, wherever in it."""
    versions = _with_parts(Version.objects.alias(said=plainly("title")), words)
    return Petition.objects.filter(version__in=versions.values("pk"))


def titled(moves: QuerySet[Transition], words: str) -> QuerySet[Transition]:
    """Keep the moves of texts with all the words in their title."""
    return _with_parts(moves.alias(said=plainly("version__title")), words)


def started_by(petitions: PetitionQuerySet, address: str) -> PetitionQuerySet:
    """Keep those of the member with this address."""
    people = User.objects.alias(plain_email=Lower("email")).filter(plain_email=address.lower())
    return petitions.filter(starter__in=people.values("pk"))


def _has_parts(column: str, words: str) -> Q:
    """Ask for each of the words somewhere in this column."""
    return reduce(and_, (Q(**{f"{column}__contains": plain(part)}) for part in words.split()))


def _with_parts(rows: QuerySet[Row], words: str) -> QuerySet[Row]:
    """Keep the rows of which `said` has each of the words somewhere."""
    for part in words.split():
        rows = rows.filter(said__contains=plain(part))
    return rows


def _fitting(asked: Decided) -> list[QuerySet[Any]]:
    """Return the decisions that fit, by where they are kept, each with `when` it was taken; only a move has reasons."""
    moves: QuerySet[Any] = decisions()
    if asked.reason:
        given = TransitionReason.objects.filter(reason__code=asked.reason)
        return [_within(moves.filter(pk__in=given.values("transition")), asked, "actor", "at")]
    answers = (Objection.objects.dismissed(), Edit.objects.decided())
    others = [_within(each, asked, "decider", "decided_at") for each in answers]
    return [_within(moves, asked, "actor", "at"), *others]


def _within(rows: QuerySet[Any], asked: Decided, who: str, when: str) -> QuerySet[Any]:
    """Keep what was decided by this person, in this time."""
    rows = rows.annotate(when=F(when))
    if asked.by is not None:
        rows = rows.filter(**{who: asked.by})
    if asked.since is not None:
        rows = rows.filter(when__gte=asked.since)
    return rows.filter(when__lt=asked.before) if asked.before is not None else rows
