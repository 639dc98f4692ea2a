"""What the first page shows; each part is one query, whatever the number of petitions."""

from collections import Counter
from dataclasses import dataclass

from petitions import census
from petitions.cards import Card
from petitions.census import Groups
from petitions.models import Petition, Topic
from petitions.querysets import PetitionQuerySet

MOVING_SHOWN, NEAR_SHOWN, NEW_SHOWN, WON_SHOWN = 3, 3, 6, 3
# A site with no more than this shows all of them, so that nobody's opposite is left out by lot.
SMALL_SITE = 18


@dataclass(frozen=True)
class FrontPage:
    """The parts of the first page; an empty one is left out."""

    total: int
    open: int
    first: Card | None
    moving: list[Card]
    near: list[Card]
    new: list[Card]
    won: list[Card]
    topics: list[tuple[Topic, int]]


def read() -> FrontPage:
    """Read the first page in six queries, or five where the petitions were counted a moment ago."""
    public = Petition.objects.public()
    groups = census.read()
    total = sum(number for _topic, _state, number, _open in groups)
    moving = _cards(public.moving(), MOVING_SHOWN + 1)
    return FrontPage(
        total=total,
        open=sum(are_open for *_, are_open in groups),
        first=moving[0] if moving else None,
        moving=moving[1:],
        near=_cards(public.near_goal(), NEAR_SHOWN),
        new=_cards(public.newest(), SMALL_SITE if total <= SMALL_SITE else NEW_SHOWN),
        won=_cards(public.won().newest(), WON_SHOWN),
        topics=_in_print(groups),
    )


def _in_print(groups: Groups) -> list[tuple[Topic, int]]:
    """Return the topics under which there is something to read, with how many petitions that is."""
    counts: Counter[int | None] = Counter()
    for topic, _state, number, _open in groups:
        counts[topic] += number
    return [(topic, counts[topic.pk]) for topic in Topic.objects.in_order() if topic.pk in counts]


def _cards(petitions: PetitionQuerySet, most: int) -> list[Card]:
    return [Card.made_of(row) for row in petitions.for_cards()[:most]]
