"""What a seed file holds once it is read, and what is wrong with one that can't be read."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from petitions.goals import FIRST_GOAL_DEFAULT
from petitions.states import State

LONGEST_KEY = 200
# Line breaks, blanks, punctuation and invisible characters: two captures of one page differ in these.
_IGNORED = frozenset("ZPC")


class _Signs(dict[int, str | int]):
    """What each character counts as; looked up once, for it is asked of every character of every file."""

    def __missing__(self, sign: int) -> str | int:
        self[sign] = " " if unicodedata.category(chr(sign))[0] in _IGNORED else sign
        return self[sign]


_SIGNS = _Signs()


class Shape(StrEnum):
    """The three shapes that a seed file can have; the values are those of the stored seed."""

    PAGE = "page"
    ARTICLE = "article"
    MARKDOWN = "markdown"


@dataclass(frozen=True)
class Fault:
    """One reason why a file can't be taken, and where."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class Unfit(Exception):
    """A text can't be read as a petition; `problems` are line numbers with reasons."""

    def __init__(self, *problems: tuple[int, str]) -> None:
        super().__init__("; ".join(reason for _, reason in problems))
        self.problems = problems


@dataclass(frozen=True)
class Found:
    """One petition as its file tells it; what the file claims is kept apart from what is counted."""

    shape: Shape
    title: str
    body: str
    state: State
    id: str = ""
    ask: str = ""
    decision_maker: str = ""
    starter_name: str = ""
    topic: str = ""
    first_goal: int = FIRST_GOAL_DEFAULT
    language: str = "en"
    closes_at: datetime | None = None
    claimed_signatures: int | None = None
    claimed_supporters: int | None = None
    note: str = ""
    caption: str = ""
    source: str = ""
    needs_ask: bool = False
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def key(self) -> str:
        """The identity that outlives the petition: the file's own id, else its normalised title."""
        return _short(f"id:{self.id}" if self.id else f"title:{normalised(self.title)}")

    def line_of(self, name: str) -> int:
        """Return the line on which a field was found, 1 where that is unknown."""
        return self.lines.get(name, 1)


@dataclass(frozen=True)
class SeedFile:
    """A file that was read: its name as people see it and what was found in it."""

    file: str
    name: str
    found: Found


def normalised(title: str) -> str:
    """Return the title by its letters and digits alone, so that quotes, case and full stops don't make it another."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).casefold())
    return " ".join(folded.translate(_SIGNS).split())


def _short(key: str) -> str:
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: LONGEST_KEY - len(digest) - 1]}#{digest}"
