"""The public part of a petition's record: what was decided and when, without names of moderators and without notes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from petitions.models import Petition, Reason, Transition
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
_CORRECTED = _("The decision maker was corrected by an administrator on %(date)s.")


class Moved(Protocol):
    """What the record needs to know of a move: a row of it, or the plain values of a page."""

    @property
    def source(self) -> str:
        """From where."""

    @property
    def target(self) -> str:
        """To where."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def is_by_person(self) -> bool:
        """Whether somebody did it, not the clock."""


@dataclass(frozen=True)
class Entry:
    """One line of the record."""

    at: datetime
    sentence: str


def public_lines(moves: Iterable[Moved]) -> list[Entry]:
    """Return what everybody may know of these moves, in their order."""
    told = ((move, _sentence(move)) for move in moves)
    return [Entry(move.at, _dated(sentence, move.at)) for move, sentence in told if sentence]


def with_changes(
    lines: Iterable[Entry], *, reworded: Iterable[datetime], corrected: Iterable[datetime]
) -> list[Entry]:
    """Return the lines with what was changed after publication among them, by time: new wordings and corrections."""
    changes = [Entry(at, _dated(_REWORDED, at)) for at in reworded]
    changes += [Entry(at, _dated(_CORRECTED, at)) for at in corrected]
    return sorted([*lines, *changes], key=lambda line: line.at)


def moved_at(moves: Iterable[Moved], state: str) -> datetime | None:
    """Return when a petition last came into this state; putting it back after a removal is not coming into it."""
    found = [each for each in moves if each.target == state and each.source != State.REMOVED]
    return found[-1].at if found else None


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


def _sentence(move: Moved) -> Any:
    if move.source == State.REMOVED:
        return _PUT_BACK
    if (move.source, move.target) == (State.DRAFT, State.PUBLISHED):
        return _IMPORTED
    if move.target == State.CLOSED:
        return _CLOSED_BY_STARTER if move.is_by_person else _CLOSED_BY_CLOCK
    return _SENTENCES.get(move.target)


def _dated(sentence: Any, at: datetime) -> str:
    return str(sentence % {"date": date_format(at, "DATE_FORMAT")})
