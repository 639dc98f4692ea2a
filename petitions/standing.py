"""Where a petition stands, as its starter is told: the place in the queue, the last word, the record."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from petitions import pace
from petitions.models import Edit, Objection, Petition, Reason, Transition
from petitions.services import drafting, editing, objecting
from petitions.states import State


@dataclass(frozen=True)
class Entry:
    """One step as the starter may read it: never who the moderator was nor what they noted for one another."""

    at: datetime
    words: str
    number: int
    reasons: list[Reason]
    note: str
    target: str = ""


@dataclass(frozen=True)
class Queue:
    """Which one the moderators read next, and how long decisions take, in words; empty while nobody knows."""

    place: int
    wait: str


@dataclass(frozen=True)
class Answers:
    """What the starter has answered to the last decision and what they may answer now."""

    objection: Objection | None = None
    can_object_until: datetime | None = None
    edit: Edit | None = None
    can_propose: bool = False
    returns: int | None = None


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
_UPHELD = _("A senior moderator upheld your objection.")
_DISMISSED = _("A senior moderator dismissed your objection.")
_ACCEPTED = _("A moderator accepted the new wording.")
_DECLINED = _("A moderator declined the new wording.")
_CORRECTED = _("An administrator corrected the decision maker.")
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
    """Return every move of the petition, every objection, new wording and correction, the latest first."""
    moves = petition.transitions.select_related("version").prefetch_related("reasons")
    entries = [_entry(each, petition.starter_id) for each in moves.order_by("-at", "-pk")]
    for objection in petition.objections.select_related("transition__version"):
        entries += _about_objection(objection)
    for edit in petition.edits.select_related("version"):
        entries += _about_edit(edit)
    for version in petition.versions.corrections().select_related("decision_maker"):
        asked = version.decision_maker.name if version.decision_maker else ""
        entries.append(Entry(version.created_at, str(_CORRECTED), version.number, [], asked))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def decision_in(record: list[Entry], petition: Petition) -> Entry | None:
    """Return the last move into the petition's present state."""
    return next((entry for entry in record if entry.target == petition.state), None)


def last_decision(petition: Petition) -> Entry | None:
    """Return the last move into the petition's present state, without the rest of the record."""
    moves = petition.transitions.filter(target=petition.state).select_related("version")
    last = moves.prefetch_related("reasons").order_by("-at", "-pk").first()
    return _entry(last, petition.starter_id) if last else None


def answers_of(petition: Petition, person: User) -> Answers:
    """Return what the starter has answered to the last decision, and what they may answer."""
    if petition.state in objecting.REFUSALS:
        return _to_refusal(petition, person)
    if petition.state == State.PUBLISHED:
        edit = petition.edits.for_lists().filter(taken_back_at__isnull=True).order_by("-pk").first()
        return Answers(edit=edit, can_propose=not editing.obstacle(petition, person))
    if petition.state == State.CHANGES_REQUESTED:
        return Answers(returns=drafting.resubmissions_left(petition))
    return Answers()


def queue_of(petition: Petition) -> Queue | None:
    """Return where a petition waits and how long that takes; None where it does not wait."""
    if petition.state != State.SUBMITTED:
        return None
    wait = pace.median_wait()
    return Queue(place_in_queue(petition), pace.in_words(wait) if wait else "")


def place_in_queue(petition: Petition) -> int:
    """Return how many the moderators read up to and with this one."""
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


def _to_refusal(petition: Petition, person: User) -> Answers:
    refusal = objecting.refusal_of(petition)
    objection = getattr(refusal, "objection", None)
    if objection or refusal is None or objecting.obstacle(petition, person):
        return Answers(objection=objection)
    return Answers(can_object_until=objecting.ends_at(refusal))


def _about_objection(objection: Objection) -> list[Entry]:
    number = objection.transition.version.number
    made = Entry(objection.made_at, str(_("You objected to the decision.")), number, [], objection.text)
    if objection.decided_at is None:
        return [made]
    words = _UPHELD if objection.upheld else _DISMISSED
    return [made, Entry(objection.decided_at, str(words), number, [], objection.note)]


def _about_edit(edit: Edit) -> list[Entry]:
    number = edit.version.number
    made = Entry(edit.proposed_at, str(_("You proposed a new wording.")), number, [], "")
    if edit.taken_back_at:
        return [made, Entry(edit.taken_back_at, str(_("You took the new wording back.")), number, [], "")]
    if edit.decided_at is None:
        return [made]
    words = _ACCEPTED if edit.accepted else _DECLINED
    return [made, Entry(edit.decided_at, str(words), number, [], edit.note)]


def _words(source: State, target: State, *, by_starter: bool) -> str:
    if source == State.REMOVED:
        return str(_PUT_BACK)
    if source == State.REJECTED:
        return str(_REOPENED)
    if source == State.DRAFT and not by_starter:
        return str(_IMPORTED)
    words = _DONE_BY_STARTER if by_starter else _DONE_BY_OTHERS
    return str(words.get(target, target.label))
