"""How many public petitions there are of each topic in each state.

The first page and every list show it and it seldom changes, while counting takes as long as all else about a list: each
process keeps its last count for as long as it keeps a page (`PAGE_CACHE_SECONDS`), and that long again for every 10,000
petitions that it counted, ten times at most.
"""

import time
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Self, TypeAlias

from django.conf import settings

from petitions.models import Petition, Topic

# Topic (by key), state, how many, and how many of them can be signed.
Groups: TypeAlias = list[tuple[int | None, str, int, int]]
# 100,000 take 20 ms to count: not more often than every tenth second.
ONCE_MORE_FOR, MOST_TIMES = 10_000, 10


@dataclass(frozen=True)
class Counts:
    """How many there are by topic (its part of the address) and state."""

    groups: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def of(cls, groups: Iterable[tuple[int | None, str, int]], topics: Iterable[Topic]) -> Self:
        """Make it of what was counted by the topics' keys."""
        slugs: dict[int | None, str] = {topic.pk: topic.slug for topic in topics}
        return cls(Counter({(slugs.get(topic, ""), state): number for topic, state, number in groups}))

    def total(self, topics: Collection[str] = (), states: Collection[str] = ()) -> int:
        """Return how many there are of these topics in these states; an empty list means any."""
        return sum(
            count
            for (topic, state), count in self.groups.items()
            if (not topics or topic in topics) and (not states or state in states)
        )


class _Census:
    """The last count of this process."""

    def __init__(self) -> None:
        self._counted_at = float("-inf")
        self._groups: Groups = []

    def read(self) -> Groups:
        """Return the groups as they are now, or were a moment ago."""
        began = time.monotonic()
        if began - self._counted_at >= self._seconds:
            self._groups = Petition.objects.public().count_by_topic_and_state()
            self._counted_at = began
        return self._groups

    @property
    def _seconds(self) -> float:
        """For how long the last count is good."""
        counted = sum(total for *_, total, _ in self._groups)
        return float(settings.PAGE_CACHE_SECONDS * min(1 + counted // ONCE_MORE_FOR, MOST_TIMES))


read = _Census().read
