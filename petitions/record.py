"""The public part of a petition's record: what was decided and when, without names of moderators and without notes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from petitions.models import Edit, Petition, Reason, Transition
from petitions.states import State

_CLOSED_BY_STARTER = _("Closed by its starter on %(date)s.")
_CLOSED_BY_CLOCK = _("Closed on %(date)s, the day that was set for it.")
# By what it moved to; writing, sending and sending back stay between starter and moderators.
_SENTENCES: dict[str, Any] = {
    State.PUBLISHED: _("Approved by a moderator on %(date)s."),
    State.VICTORY: _("Declared a victory by its starter on %(date)s."),
    State.REMOVED: _("Taken down by a moderator on %(date)s."),
    State.REJECTED: _("Rejected by a moderator on %(date)s."),
}
_PUT_BACK = _("Put back by a moderator on %(date)s.")
_IMPORTED = _("Published by an import on %(date)s.")
_REWORDED = _("A new wording by its starter was accepted by a moderator on %(date)s.")


@dataclass(frozen=True)
class Entry:
    """One line of the record."""

    at: datetime
    sentence: str


def public_lines(transitions: Iterable[Transition]) -> list[Entry]:
    """Return what everybody may know of these moves, in their order."""
    told = ((transition, _sentence(transition)) for transition in transitions)
    return [
        Entry(transition.at, _dated(sentence, transition.at)) for transition, sentence in told if sentence
    ]


def edits_of(petition: Petition, transitions: Iterable[Transition]) -> list[Edit]:
    """Return the new wordings that were accepted after publication; asks nothing where the approved one stands."""
    if petition.version_id in {each.version_id for each in transitions}:
        return []
    return list(petition.edits.filter(accepted=True).order_by("decided_at"))


def with_edits(lines: Iterable[Entry], edits: Iterable[Edit]) -> list[Entry]:
    """Return the lines with what was reworded among them, by time."""
    reworded = [
        Entry(edit.decided_at, _dated(_REWORDED, edit.decided_at)) for edit in edits if edit.decided_at
    ]
    return sorted([*lines, *reworded], key=lambda line: line.at)


def moved_at(transitions: Iterable[Transition], state: str) -> datetime | None:
    """Return when a petition last came into this state; putting it back after a removal is not coming into it."""
    moves = [each for each in transitions if each.target == state and each.source != State.REMOVED]
    return moves[-1].at if moves else None


def reasons_for(transitions: Iterable[Transition], state: State) -> list[Reason]:
    """Return the reasons that were given for the last move into this state, in the order of the rules page."""
    moves = [transition for transition in transitions if transition.target == state]
    return list(moves[-1].reasons.order_by("position", "code")) if moves else []


def repeated_by(transitions: Iterable[Transition]) -> Petition | None:
    """Return the petition that this one asks the same as, where the last move said so and everybody may read it."""
    last = list(transitions)[-1]
    if last.duplicate_of_id is None:
        return None
    return Petition.objects.public().with_text().filter(pk=last.duplicate_of_id).first()


def _sentence(transition: Transition) -> Any:
    if transition.source == State.REMOVED:
        return _PUT_BACK
    if (transition.source, transition.target) == (State.DRAFT, State.PUBLISHED):
        return _IMPORTED
    if transition.target == State.CLOSED:
        return _CLOSED_BY_STARTER if transition.actor_id else _CLOSED_BY_CLOCK
    return _SENTENCES.get(transition.target)


def _dated(sentence: Any, at: datetime) -> str:
    return str(sentence % {"date": date_format(at, "DATE_FORMAT")})
