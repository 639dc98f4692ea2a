"""Everything that has happened to a petition in one list, latest first: moves, answers, what administrators did."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext as _

from accounts.models import User
from petitions.admin.record import record_of
from petitions.models import Edit, Objection, Petition, Transition, Version
from petitions.services import recording
from petitions.states import State

# Moves by which a moderator has said something about a wording.
DECIDED = (State.CHANGES_REQUESTED, State.REJECTED, State.PUBLISHED, State.REMOVED)


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, who did it (nobody where the site itself did), and the row that says so."""

    at: datetime
    what: str
    who: User | None
    row: Any
    note: str = ""


@dataclass(frozen=True)
class Record:
    """What there is about a petition, read in as many statements whatever its length."""

    moves: list[Transition]
    objections: list[Objection]
    edits: list[Edit]
    acts: list[LogEntry]

    @property
    def entries(self) -> list[Entry]:
        """All of it, latest first."""
        told = [
            *map(_move, self.moves),
            *_of_objections(self.objections),
            *_of_edits(self.edits),
            *map(_act, self.acts),
        ]
        return sorted(told, key=lambda entry: entry.at, reverse=True)

    def last_wording_before(self, version: Version) -> tuple[int, datetime] | None:
        """Return the key of the last other wording that somebody decided on, and when."""
        decided = [(move.at, move.version_id) for move in self.moves if move.target in DECIDED]
        decided += [
            (edit.decided_at, edit.version_id) for edit in self.edits if edit.accepted and edit.decided_at
        ]
        others = [(at, pk) for at, pk in decided if pk != version.pk]
        return (max(others)[1], max(others)[0]) if others else None


def of(petition: Petition) -> Record:
    """Read the record of a petition, without the long texts."""
    objections = petition.objections.select_related("author", "decider", "first_decider", "transition")
    edits = petition.edits.select_related("author", "decider", "version").defer(
        "version__body", "version__body_html"
    )
    acts = recording.recorded(petition)
    return Record(list(record_of(petition)), list(objections), list(edits), list(acts))


def _move(move: Transition) -> Entry:
    return Entry(move.at, "move", move.actor, move)


def _act(act: LogEntry) -> Entry:
    """Tell a hand-over or a correction as the admin's log has it."""
    return Entry(act.action_time, act.get_change_message().removesuffix("."), act.user, act)


def _of_objections(objections: Iterable[Objection]) -> Iterator[Entry]:
    for each in objections:
        yield Entry(each.made_at, _("Objection"), each.author, each, each.text)
        if each.decided_at:
            words = _("Objection upheld") if each.upheld else _("Objection dismissed")
            yield Entry(each.decided_at, words, each.decider, each, each.note)


def _of_edits(edits: Iterable[Edit]) -> Iterator[Entry]:
    for each in edits:
        number = {"number": each.version.number}
        yield Entry(
            each.proposed_at, _("New wording proposed, version %(number)s") % number, each.author, each
        )
        if each.taken_back_at:
            yield Entry(
                each.taken_back_at, _("Proposal taken back, version %(number)s") % number, each.author, each
            )
        if each.decided_at:
            words = (
                _("New wording accepted, version %(number)s")
                if each.accepted
                else _("New wording declined, version %(number)s")
            )
            yield Entry(each.decided_at, words % number, each.decider, each, each.note)
