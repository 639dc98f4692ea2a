"""The table at the end of an import, as aligned plain text."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

from django.utils.text import Truncator

_LONGEST_TITLE = 60


@dataclass(frozen=True)
class Row:
    """One file's line in the table."""

    result: str
    seen_as: str
    state: str
    goal: str
    file: str
    title: str


_HEAD = Row("RESULT", "SEEN AS", "STATE", "GOAL", "FILE", "TITLE")


def lines(rows: Sequence[Row]) -> list[str]:
    """Return the table's lines, its columns as wide as what is in them."""
    short = [replace(row, title=Truncator(row.title).chars(_LONGEST_TITLE)) for row in rows]
    cells = [astuple(row) for row in (_HEAD, *short)]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]


def totals(rows: Sequence[Row], results: Sequence[str]) -> str:
    """Return how many files had each of these results, as one line."""
    count = Counter(row.result for row in rows)
    return ", ".join(f"{count[result]} {result}" for result in results)
