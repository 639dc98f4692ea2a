"""What measurements add up to: medians with their ends, ratios of what was measured side by side, and marks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

# From here on a number is written without, and with one, digit after the point.
WHOLE, TENTHS = 100, 10


def percentile(values: Sequence[float], share: float) -> float:
    """Return the least of the values that so many hundredths of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = -(-len(ordered) * share // 100)
    return ordered[max(0, int(rank) - 1)]


def number(value: float) -> str:
    """Return a number with three digits that count, grouped."""
    digits = 0 if abs(value) >= WHOLE or value == 0 else 1 if abs(value) >= TENTHS else 2
    return f"{value:,.{digits}f}"


@dataclass(frozen=True)
class Figure:
    """One value a round, and their unit as it is written behind a number."""

    values: tuple[float, ...]
    unit: str = ""

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.values)

    def __str__(self) -> str:
        if len(self.values) == 1:
            return f"{number(self.middle)}{self.unit}"
        ends = f"{number(min(self.values))}–{number(max(self.values))}"
        return f"{number(self.middle)}{self.unit} [{ends}]"

    def __truediv__(self, other: "Figure") -> "Figure":
        """Divide round by round; what was measured another number of times counts with its median."""
        if len(self.values) == len(other.values):
            return Figure(tuple(a / b for a, b in zip(self.values, other.values, strict=True)))
        return Figure(tuple(value / other.middle for value in self.values))


@dataclass(frozen=True)
class Anchor:
    """What a figure is compared with."""

    name: str
    figure: Figure

    def __str__(self) -> str:
        return f"{self.name}: {self.figure}"


@dataclass(frozen=True)
class Row:
    """One line of the table. With an anchor the ratio to it is judged, else the figure itself."""

    what: str
    figure: Figure
    anchor: Anchor | None = None
    must: float | None = None
    aim: float | None = None
    less_is_better: bool = False
    # How a mark is written behind its number: “×”, “ ms” …
    unit: str = ""

    @property
    def ratio(self) -> Figure | None:
        """How many times the anchor it is."""
        return self.figure / self.anchor.figure if self.anchor else None

    @property
    def verdict(self) -> str:
        """Which mark is reached: the aim, the must or none; nothing where there is none to reach."""
        if self.must is None:
            return "–"
        if self.aim is not None and self._reaches(self.aim):
            return "aim"
        return "must" if self._reaches(self.must) else "**no**"

    def _reaches(self, mark: float) -> bool:
        reached = (self.ratio or self.figure).middle
        return reached <= mark if self.less_is_better else reached >= mark

    def cells(self) -> list[str]:
        """Return what stands in the table."""
        marks = ["–" if mark is None else f"{mark:g}{self.unit}" for mark in (self.must, self.aim)]
        return [
            *(self.what, str(self.figure), str(self.anchor or "–"), str(self.ratio or "–")),
            *marks,
            self.verdict,
        ]


def side_by_side(rounds: int, **measures: Callable[[int], float]) -> dict[str, tuple[float, ...]]:
    """Measure everything once in each round, every other round in the opposite order; return the values by name."""
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for turn in range(rounds):
        order = list(measures) if turn % 2 == 0 else list(reversed(measures))
        for name in order:
            taken[name].append(measures[name](turn))
    return {name: tuple(values) for name, values in taken.items()}


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown."""
    head = ["row", "figure", "against", "ratio", "must", "aim", "reached"]
    lines = [head, ["---"] * len(head), *(row.cells() for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
