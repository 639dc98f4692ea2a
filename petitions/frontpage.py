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
    topics: list[Topic]


def read() -> FrontPage:
    """Read the first page in six queries."""
    public = Petition.objects.public()
    totals = public.totals()
    moving = _cards(public.moving(), MOVING_SHOWN + 1)
    return FrontPage(
        **totals,
        first=moving[0] if moving else None,
        moving=moving[1:],
        near=_cards(public.near_goal(), NEAR_SHOWN),
        new=_cards(public.newest(), SMALL_SITE if totals["total"] <= SMALL_SITE else NEW_SHOWN),
        won=_cards(public.won().newest(), WON_SHOWN),
        topics=list(Topic.objects.in_print()),
    )


def _cards(petitions: PetitionQuerySet, most: int) -> list[Card]:
    return [Card.made_of(row) for row in petitions.for_cards()[:most]]
