"""What must not stay: requests that nobody confirmed, and counts of mails that no cap needs."""

from signatures.models import Signature, State
from signatures.services import caps

BATCH = 5_000


def purge() -> int:
    """Delete what is overdue, in batches, and return how many requests it was."""
    caps.forget()
    deleted = found = _purge_some()
    while found == BATCH:
        found = _purge_some()
        deleted += found
    return deleted


def _purge_some() -> int:
    """Delete the longest overdue; one that is asked for again at this moment stays."""
    overdue = Signature.objects.unconfirmed_for_long().order_by("asked_at").values("pk")[:BATCH]
    return Signature.objects.unconfirmed_for_long().filter(pk__in=overdue, state=State.PENDING).delete()[0]
