"""A petition as lists and panels show it: plain values for templates/components."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple, Self

from petitions import marking
from petitions.addresses import address_of
from petitions.goals import Progress
from petitions.languages import language_tag
from petitions.models import Petition
from petitions.states import State

# About three lines of a card.
SNIPPET_SHOWN = 140


class Subject(NamedTuple):
    """A topic as pages show it."""

    name: str
    slug: str


class Card(NamedTuple):
    """What the components petition_card and petition_line read."""

    title: str
    ask_or_snippet: str
    topic: Subject | None
    decision_maker_name: str
    progress: Progress
    state: str
    published_at: datetime | None
    language: str
    get_absolute_url: str

    @classmethod
    def of(cls, petition: Petition, words: Collection[str] = ()) -> Self:
        """Show this petition, by the exact count where its query brought it, with these words of the title marked."""
        topic = petition.topic
        return cls(
            title=marking.mark(petition.title, words),
            ask_or_snippet=shortened(petition.snippet),
            topic=Subject(topic.name, topic.slug) if topic else None,
            decision_maker_name=petition.decision_maker_name,
            progress=petition.progress,
            state=petition.state,
            published_at=petition.published_at,
            language=petition.language_tag,
            get_absolute_url=address_of(petition.slug),
        )

    @classmethod
    def made_of(cls, row: tuple[Any, ...], words: Collection[str] = ()) -> Self:
        """Show what `PetitionQuerySet.for_cards` has brought, with these words of the title marked."""
        _, slug, state, language, published_at, first_goal, signatures, title, snippet, maker, *topic = row
        return cls(
            title=marking.mark(title, words),
            ask_or_snippet=shortened(snippet),
            topic=Subject(*topic) if topic[0] else None,
            decision_maker_name=maker or "",
            progress=Progress(signatures, first_goal),
            state=state,
            published_at=published_at,
            language=language_tag(language),
            get_absolute_url=address_of(slug),
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
        return self.progress.rungs


def can_be_signed(petition: Petition, now: datetime) -> bool:
    """Tell whether it is published and its time is not up, even where the clock has not closed it yet."""
    return is_open(petition.state, petition.closes_at, now)


def is_open(state: str, closes_at: datetime | None, now: datetime) -> bool:
    """Tell the same by state and last day alone."""
    return state == State.PUBLISHED and (closes_at is None or closes_at > now)


def first_name(name: str) -> str:
    """Return how the appeal calls a starter: by the first word, or in full where that is a title such as “Dr.”."""
    first = name.split(" ", 1)[0]
    return name if first.endswith(".") else first


def shortened(text: str) -> str:
    """Return what fits into a card, cut between words where there are any."""
    if len(text) <= SNIPPET_SHOWN:
        return text
    return text[:SNIPPET_SHOWN].rsplit(" ", 1)[0].rstrip(",;:–") + " …"
