"""Addresses that came back: no bulk mail goes there until one of them works again or an administrator lifts it.

Mails that are not bulk follow from what somebody did just now (typed the address, decided on a petition) and get their
one try all the same: an address typed again may work by now. If the server takes one, the address is lifted. What is
not refused again for a year is forgotten. Which answers count is written in `outbox.answers`.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from lib.address import canonical
from outbox.models import Message, Suppression

KEPT_FOR = timedelta(days=365)


def key_of(address: str) -> str:
    """Return the spelling by which addresses that came back are kept."""
    try:
        return canonical(address)
    except ValidationError:
        return address.strip().lower()


def suppress(*, message: Message, answer: str) -> None:
    """Note that this mail's address came back."""
    address = key_of(message.to_address)
    facts = {"answer": answer, "kind": message.kind}
    _row, is_new = Suppression.objects.get_or_create(address=address, defaults=facts)
    if not is_new:
        Suppression.objects.filter(address=address).update(**facts, at=Now(), times=F("times") + 1)


def is_suppressed(address: str) -> bool:
    """Say whether mails to this address came back."""
    return Suppression.objects.filter(address=key_of(address)).exists()


def suppressed_among(addresses: Iterable[str]) -> set[str]:
    """Return those of the addresses, as they are spelled here, to which mails came back."""
    keys = {address: key_of(address) for address in addresses}
    kept = set(Suppression.objects.filter(address__in=keys.values()).values_list("address", flat=True))
    return {address for address, key in keys.items() if key in kept}


def found(addresses: Iterable[str]) -> QuerySet[Suppression]:
    """Return those of the addresses that came back, latest first."""
    return Suppression.objects.filter(address__in={key_of(each) for each in addresses}).order_by("-at")


def forget_old() -> int:
    """Delete what was not refused again for a year, and return how many."""
    return Suppression.objects.filter(at__lt=Now() - KEPT_FOR).delete()[0]
