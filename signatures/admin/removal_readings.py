"""What a moderator reads before removing many: what a petition’s signatures have in common, and what would be taken."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from outbox.masking import mask
from petitions import counting
from petitions.models import Petition
from signatures.admin.removal_forms import shown_network
from signatures.models import Removal, Signature

# How many networks and domains are offered, petitions listed, signatures shown.
OFFERED, LISTED, SAMPLED = 10, 20, 20
# Among so many of the latest signatures of a petition it is looked for what they share: a wave is among them.
COMPARED = 10_000
LONGEST_NUMBER = 18
Value = TypeVar("Value", bytes, str)


@dataclass(frozen=True)
class Shared:
    """Something that several signatures have: its value in forms, its name, and how many have it."""

    value: str
    label: str
    number: int


@dataclass(frozen=True)
class Common:
    """What many of a petition’s latest signatures share."""

    petition: Petition
    networks: list[Shared]
    domains: list[Shared]
    compared: int = COMPARED


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
    latest = Signature.objects.filter(petition=petition).standing().order_by("-pk")
    rows = list(latest.values_list("network_hash", "email_domain")[:COMPARED])
    networks = _shared_by_several(bytes(network) for network, _domain in rows if network is not None)
    domains = _shared_by_several(domain for _network, domain in rows)
    return Common(
        petition,
        [Shared(each.hex(), f"{shown_network(each)} ({number})", number) for each, number in networks],
        [Shared(domain, domain, number) for domain, number in domains],
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


def _shared_by_several(values: Iterable[Value]) -> list[tuple[Value, int]]:
    """Return the most frequent of them, with how often each is there; what is there once is shared by nobody."""
    found = [(value, number) for value, number in Counter(values).items() if number > 1]
    return sorted(found, key=lambda each: (-each[1], each[0]))[:OFFERED]
