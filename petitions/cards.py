"""A petition as lists and panels show it: plain values for templates/components."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from petitions import marking
from petitions.goals import Progress
from petitions.models import Petition, Topic
from petitions.states import State

# About three lines of a card.
SNIPPET_SHOWN = 140


@dataclass(frozen=True)
class Card:
    """What the components petition_card and petition_line read."""

    title: str
    ask_or_snippet: str
    topic: Topic | None
    decision_maker_name: str
    progress: Progress
    state: str
    published_at: datetime | None
    language: str
    get_absolute_url: str

    @classmethod
    def of(cls, petition: Petition, words: Collection[str] = ()) -> Self:
        """Show this petition, by the exact count where its query brought it, with these words of the title marked."""
        return cls(
            title=marking.mark(petition.title, words),
            ask_or_snippet=shortened(petition.snippet),
            topic=petition.topic,
            decision_maker_name=petition.decision_maker_name,
            progress=petition.progress,
            state=petition.state,
            published_at=petition.published_at,
            language=petition.language_tag,
            get_absolute_url=petition.get_absolute_url(),
        )

    @property
    def signatures(self) -> int:
        """The count."""
        return self.progress.signatures

    @property
    def goal(self) -> int:
        """The first rung above it."""
        return self.progress.goal

    @property
    def left(self) -> int:
        """How many signatures are missing to the goal."""
        return self.progress.left

    @property
    def rungs(self) -> list[int]:
        """Those below, the goal, and the one after it."""
        return [*self.progress.reached, self.progress.goal, self.progress.next_goal]


def can_be_signed(petition: Petition, now: datetime) -> bool:
    """Tell whether it is published and its time is not up, even where the clock has not closed it yet."""
    return petition.state == State.PUBLISHED and (petition.closes_at is None or petition.closes_at > now)


def first_name(name: str) -> str:
    """Return how the appeal calls a starter: by the first word, or in full where that is a title such as “Dr.”."""
    first = name.split(" ", 1)[0]
    return name if first.endswith(".") else first


def shortened(text: str) -> str:
    """Return what fits into a card, cut between words where there are any."""
    if len(text) <= SNIPPET_SHOWN:
        return text
    return text[:SNIPPET_SHOWN].rsplit(" ", 1)[0].rstrip(",;:–") + " …"
