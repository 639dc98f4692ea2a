"""What the first page shows; each part is one query, whatever the number of petitions."""

from dataclasses import dataclass

from petitions.cards import Card
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
    """Read the first page in six queries."""
    public = Petition.objects.public()
    counts = public.count_by_topic()
    total = sum(number for _topic, number, _open in counts)
    moving = _cards(public.moving(), MOVING_SHOWN + 1)
    return FrontPage(
        total=total,
        open=sum(is_open for _topic, _number, is_open in counts),
        first=moving[0] if moving else None,
        moving=moving[1:],
        near=_cards(public.near_goal(), NEAR_SHOWN),
        new=_cards(public.newest(), SMALL_SITE if total <= SMALL_SITE else NEW_SHOWN),
        won=_cards(public.won().newest(), WON_SHOWN),
        topics=_in_print({topic: number for topic, number, _open in counts}),
    )


def _in_print(counts: dict[int | None, int]) -> list[tuple[Topic, int]]:
    """Return the topics under which there is something to read, with how many petitions that is."""
    return [(topic, counts[topic.pk]) for topic in Topic.objects.in_order() if topic.pk in counts]


def _cards(petitions: PetitionQuerySet, most: int) -> list[Card]:
    return [Card.made_of(row) for row in petitions.for_cards()[:most]]
