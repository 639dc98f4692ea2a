"""What waits for a moderator: each room registers lists for the queue on the admin's first page, and for the mail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
class News:
    """What a mail about a list says and goes by: how many wait, and by which rows it is seen that something came in.

    Of very many these are the first. `label` may be lazy, as each mail is in its reader's language.
    """

    label: Any
    count: int
    rows: Sequence[int]


@dataclass(frozen=True)
class _List:
    read: Callable[[], Waiting]
    permission: str
    news: Callable[[], News] | None


_lists: Registry[_List] = Registry()


def register(
    name: str,
    waiting: Callable[[], Waiting],
    *,
    permission: str,
    news: Callable[[], News] | None = None,
) -> None:
    """Show this list at the desk to those who hold the permission; with `news` a mail tells them of it as well."""
    _lists.register(name, _List(waiting, permission, news))


def waiting_for(may: Callable[[str], bool]) -> list[Waiting]:
    """Read the lists of somebody who may do what the permissions say, in the order of registration."""
    return [each.read() for _, each in _lists if may(each.permission)]


def news() -> list[tuple[str, str, News]]:
    """Read what there is to tell by mail: of each list where something waits its name, its permission and its news."""
    read = [(name, each.permission, each.news()) for name, each in _lists if each.news]
    return [(name, permission, told) for name, permission, told in read if told.count]
