"""How many public petitions there are of each topic in each state.

The first page and every list show it and it seldom changes, while counting takes as long as all else about a list: each
process keeps its last count for as long as it keeps a page (`PAGE_CACHE_SECONDS`).
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
        if began - self._counted_at >= settings.PAGE_CACHE_SECONDS:
            self._groups = Petition.objects.public().count_by_topic_and_state()
            self._counted_at = began
        return self._groups


read = _Census().read
