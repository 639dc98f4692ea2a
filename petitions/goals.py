"""Goals are derived on read: the first rung strictly above the count (design decision 7)."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import count as counter
from itertools import islice, takewhile
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import ngettext

LADDER = (
    100, 200, 500, 1_000, 1_500, 2_500, 5_000, 7_500, 10_000, 15_000, 25_000, 35_000, 50_000, 75_000, 100_000,
    150_000, 200_000, 300_000, 500_000, 1_000_000, 1_500_000, 2_000_000, 3_000_000, 4_500_000, 6_000_000,
)  # fmt: skip
STEP_ABOVE = 1_500_000
FIRST_GOAL_MIN, FIRST_GOAL_DEFAULT, FIRST_GOAL_MAX = 1, 100, 10_000_000


def rungs(first_goal: int) -> Iterator[int]:
    """Yield a petition's goals upwards without end: its own first one, then the ladder above it."""
    yield first_goal
    yield from islice(LADDER, bisect_right(LADDER, first_goal), None)
    top = LADDER[-1]
    above = (first_goal - top) // STEP_ABOVE + 1 if first_goal >= top else 1
    yield from counter(top + above * STEP_ABOVE, STEP_ABOVE)


def goal_for(signatures: int, first_goal: int) -> int:
    """Return the first rung strictly above the count."""
    return next(rung for rung in rungs(first_goal) if rung > signatures)


def reached(signatures: int, first_goal: int) -> list[int]:
    """Return every rung that the count has reached, upwards."""
    return list(takewhile(lambda rung: rung <= signatures, rungs(first_goal)))


class Progress(NamedTuple):
    """What a progress bar and its sentence need: the count, the goal and the rungs around it."""

    signatures: int
    first_goal: int

    @property
    def goal(self) -> int:
        """The first rung strictly above the count."""
        return goal_for(self.signatures, self.first_goal)

    @property
    def reached(self) -> list[int]:
        """The rungs below, upwards."""
        return reached(self.signatures, self.first_goal)

    @property
    def next_goal(self) -> int:
        """The rung after the goal."""
        return goal_for(self.goal, self.first_goal)

    @property
    def rungs(self) -> list[int]:
        """Those below, the goal, and the one after it."""
        return [*self.reached, self.goal, self.next_goal]

    @property
    def left(self) -> int:
        """How many signatures are missing to the goal."""
        return self.goal - self.signatures

    @property
    def figure(self) -> str:
        """The count, grouped as the language groups numbers."""
        return number_format(self.signatures, force_grouping=True)

    @property
    def rest(self) -> str:
        """What follows the figure in the sentence."""
        return self.sentence.removeprefix(self.figure)

    @property
    def sentence(self) -> str:
        """The one sentence of this site: “0 have signed. Let’s get to 100!”."""
        text = ngettext(
            "%(count)s has signed. Let’s get to %(goal)s!",
            "%(count)s have signed. Let’s get to %(goal)s!",
            self.signatures,
        )
        return text % {"count": self.figure, "goal": number_format(self.goal, force_grouping=True)}
