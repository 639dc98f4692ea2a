"""What a moderator reads before removing many: what a petition’s signatures have in common, and what would be taken."""

from dataclasses import dataclass
from typing import Any

from outbox.masking import mask
from petitions import counting
from petitions.models import Petition
from signatures.admin.removal_forms import shown_network
from signatures.models import Removal, Signature

# How many networks and domains are offered, petitions listed, signatures shown.
OFFERED, LISTED, SAMPLED = 10, 20, 20
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Shared:
    """Something that several signatures have: its value in forms, its name, and how many have it."""

    value: str
    label: str
    number: int


@dataclass(frozen=True)
class Common:
    """What many signatures of a petition share."""

    petition: Petition
    networks: list[Shared]
    domains: list[Shared]


@dataclass(frozen=True)
class Share:
    """How much of a petition’s count a removal would take."""

    petition: Petition
    all: int
    counting: int

    @property
    def percent(self) -> int:
        """Of what is shown now, at most all of it."""
        shown = self.petition.progress.signatures
        return min(100, round(100 * self.counting / shown)) if shown else 0

    @property
    def is_most(self) -> bool:
        """Whether more than half would go."""
        return 2 * self.counting > self.petition.progress.signatures


def in_common(number: str) -> Common | None:
    """Return what signatures of the petition with this number share, or None where there is none."""
    if not number.isascii() or not number.isdecimal() or len(number) > LONGEST_NUMBER:
        return None
    petition = Petition.objects.with_text().filter(pk=int(number)).first()
    if petition is None:
        return None
    signatures = Signature.objects.filter(petition=petition)
    networks = [
        (bytes(row["network_hash"]), row["all"]) for row in signatures.busiest("network_hash")[:OFFERED]
    ]
    domains = signatures.busiest("email_domain")[:OFFERED]
    return Common(
        petition,
        [Shared(each.hex(), f"{shown_network(each)} ({number})", number) for each, number in networks],
        [Shared(row["email_domain"], row["email_domain"], row["all"]) for row in domains],
    )


def preview(removal: Removal) -> dict[str, Any]:
    """Return some of what would be taken, and from which petitions how much."""
    caught = Signature.objects.caught_by(removal)
    rows = list(caught.by_petition()[: LISTED + 1])
    petitions = Petition.objects.with_text().annotate(exact=counting.exact())
    by_number = petitions.in_bulk([row["petition"] for row in rows])
    shares = [Share(by_number[row["petition"]], row["all"], row["counting"]) for row in rows[:LISTED]]
    sample = caught.for_lists().order_by("-pk")[:SAMPLED]
    return {
        "shares": shares,
        "has_more": len(rows) > LISTED,
        "is_most": any(share.is_most for share in shares),
        "sample": [(signature, mask(signature.email)) for signature in sample],
    }
