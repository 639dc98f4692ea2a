"""How many mails one mailbox can be sent by whoever types its address: counted in rows, under a lock of its own."""

from datetime import timedelta

from django.db import connection
from django.db.models import Count, Q
from django.db.models.functions import Now

from petitions.models import Petition
from signatures import identity
from signatures.models import AskedMail

# For each address: on one petition, and on the whole site within a day (design, section 2).
PER_PETITION, PER_DAY = 5, 10
DAY = timedelta(days=1)
# A petition's count lives as long as an unconfirmed request does.
KEPT_FOR = timedelta(days=14)
# With the first bytes of the address's hash; docs/architecture.md lists our lock numbers. Whoever types one address
# sixty times at once waits in line: longer than other locks may take.
_LOCK = "SELECT set_config('lock_timeout', '5s', true), pg_advisory_xact_lock(7004, %s)"


def allow(*, petition: Petition, email: str) -> bool:
    """Say whether this mailbox may get one more mail; until the transaction ends nobody else is told so."""
    address = identity.address_hash(email)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [int.from_bytes(address[:4], signed=True)])
    had = AskedMail.objects.filter(address_hash=address).aggregate(
        here=Count("pk", filter=Q(petition=petition)), today=Count("pk", filter=Q(at__gt=Now() - DAY))
    )
    return bool(had["here"] < PER_PETITION and had["today"] < PER_DAY)


def count(*, petition: Petition, email: str) -> None:
    """Count one mail to this mailbox."""
    AskedMail.objects.create(address_hash=identity.address_hash(email), petition=petition)


def forget() -> int:
    """Delete the counts that no cap needs any more, and return how many."""
    return AskedMail.objects.filter(at__lt=Now() - KEPT_FOR).delete()[0]
