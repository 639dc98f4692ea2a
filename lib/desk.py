"""What waits for a moderator: each room registers a list for the queue on the admin's first page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from lib.registry import Registry


@dataclass(frozen=True)
class Line:
    """One thing that waits; `mark` is empty, `amber` or `overdue`."""

    title: str
    url: str
    age: str
    mark: str = ""
    note: str = ""


@dataclass(frozen=True)
class Waiting:
    """How many wait, since when the oldest does, and where to look at them; `lines` are the first of them."""

    label: str
    count: int
    oldest_at: datetime | None
    url: str
    permission: str
    lines: tuple[Line, ...] = ()


List = Callable[[], Waiting]

_lists: Registry[List] = Registry()


def register(name: str, waiting: List) -> None:
    """Show this list at the desk to those who hold its permission."""
    _lists.register(name, waiting)


def waiting() -> list[Waiting]:
    """Read every list, in the order of registration."""
    return [read() for _, read in _lists]
