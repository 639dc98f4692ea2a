"""Where a petition stands, as its starter is told: the place in the queue, the last word, the record."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from petitions.models import Petition, Reason, Transition
from petitions.states import State


@dataclass(frozen=True)
class Entry:
    """One move as the starter may read it: never who the moderator was nor what they noted for one another."""

    at: datetime
    words: str
    number: int
    reasons: list[Reason]
    note: str
    target: str


# What needs the starter comes first.
_ORDER = (
    State.CHANGES_REQUESTED,
    State.DRAFT,
    State.SUBMITTED,
    State.PUBLISHED,
    State.CLOSED,
    State.VICTORY,
    State.REJECTED,
    State.REMOVED,
)

_PUT_BACK = _("A moderator put it back.")
_REOPENED = _("A moderator opened the question again.")
_IMPORTED = _("It was imported.")
_DONE_BY_STARTER = {
    State.SUBMITTED: _("You sent it to the moderators."),
    State.CLOSED: _("You closed it."),
    State.VICTORY: _("You declared victory."),
}
_DONE_BY_OTHERS = {
    State.PUBLISHED: _("A moderator published it."),
    State.CHANGES_REQUESTED: _("A moderator asked for changes."),
    State.REJECTED: _("A moderator rejected it."),
    State.REMOVED: _("A moderator took it down."),
    State.CLOSED: _("Its time was up."),
}


def petitions_of(person: User) -> QuerySet[Petition]:
    """Return everything that this person has started, by state, the newest first."""
    places = [When(state=state, then=Value(place)) for place, state in enumerate(_ORDER)]
    ranked = person.petitions.for_lists().alias(place=Case(*places, output_field=IntegerField()))
    return ranked.order_by("place", "-pk")


def record_of(petition: Petition) -> list[Entry]:
    """Return every move of the petition, the latest first."""
    moves = petition.transitions.select_related("version").prefetch_related("reasons")
    return [_entry(each, petition.starter_id) for each in moves.order_by("-at", "-pk")]


def place_in_queue(petition: Petition) -> int:
    """Return how many the moderators read up to and with this one; 0 where it does not wait."""
    if petition.state != State.SUBMITTED:
        return 0
    earlier = Q(submitted_at__lt=petition.submitted_at) | Q(
        submitted_at=petition.submitted_at, pk__lte=petition.pk
    )
    return Petition.objects.waiting().filter(earlier).count()


def _entry(move: Transition, starter_id: int | None) -> Entry:
    by_starter = starter_id is not None and move.actor_id == starter_id
    words = _words(State(move.source), State(move.target), by_starter=by_starter)
    return Entry(
        at=move.at,
        words=words,
        number=move.version.number,
        reasons=list(move.reasons.all()),
        note=move.note_to_starter,
        target=move.target,
    )


def _words(source: State, target: State, *, by_starter: bool) -> str:
    if source == State.REMOVED:
        return str(_PUT_BACK)
    if source == State.REJECTED:
        return str(_REOPENED)
    if source == State.DRAFT and not by_starter:
        return str(_IMPORTED)
    words = _DONE_BY_STARTER if by_starter else _DONE_BY_OTHERS
    return str(words.get(target, target.label))
