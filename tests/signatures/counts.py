"""What is counted, asked in the ways that matter: shown, recounted, open, by the audit."""

from datetime import timedelta

from django.db.models import F, Sum
from django.db.models.functions import Now

from lib import audit
from outbox.models import Message
from petitions import counting
from petitions.models import Delta, Petition
from signatures.models import Signature


def shown(petition: Petition) -> int:
    """Return what the page says."""
    progress = counting.progress_of(petition.slug)
    assert progress is not None
    return progress.signatures


def recount(petition: Petition) -> int:
    """Return how many rows count."""
    return Signature.objects.confirmed().filter(petition=petition).count()


def deltas(petition: Petition) -> list[int]:
    """Return the open changes in their order."""
    rows = Delta.objects.filter(petition=petition).order_by("pk")
    return list(rows.values_list("change", flat=True))


def open_sum() -> int:
    """Return what all open changes add up to."""
    return int(Delta.objects.aggregate(sum=Sum("change"))["sum"] or 0)


def only(petition: Petition) -> Signature:
    """Return the one signature there is."""
    return Signature.objects.get(petition=petition)


def mails(kind: str) -> list[Message]:
    """Return the mails of a kind, in the order of their keys."""
    return list(Message.objects.filter(kind=kind).order_by("dedupe_key"))


def breaches() -> dict[str, list[str]]:
    """Return what the audit finds."""
    return {name: found for name, found in audit.breaches().items() if found}


def end(petition: Petition, ago: timedelta) -> None:
    """Let the petition's time have run out so long ago; nobody has closed it yet."""
    Petition.objects.filter(pk=petition.pk).update(closes_at=Now() - ago)


def age(signature: Signature, by: timedelta) -> None:
    """Let the request be older."""
    Signature.objects.filter(pk=signature.pk).update(asked_at=F("asked_at") - by)
