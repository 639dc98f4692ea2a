"""What waits for a moderator: each room registers a list for the queue on the admin's first page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from lib.registry import Registry


@dataclass(frozen=True)
class Line:
    """One thing that waits; `mark` is empty, `amber` or `overdue`, `notes` are a word or two each."""

    title: str
    url: str
    age: str
    mark: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """How many wait, since when the oldest does, and where to look at them; `lines` are the first of them.

    `note` is a sentence about the whole list; it may be empty.
    """

    label: str
    count: int
    oldest_at: datetime | None
    url: str
    lines: tuple[Line, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class _List:
    read: Callable[[], Waiting]
    permission: str


_lists: Registry[_List] = Registry()


def register(name: str, waiting: Callable[[], Waiting], *, permission: str) -> None:
    """Show this list at the desk to those who hold the permission."""
    _lists.register(name, _List(waiting, permission))


def waiting_for(may: Callable[[str], bool]) -> list[Waiting]:
    """Read the lists of somebody who may do what the permissions say, in the order of registration."""
    return [each.read() for _, each in _lists if may(each.permission)]
