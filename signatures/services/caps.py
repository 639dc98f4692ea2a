"""How many mails one mailbox can be sent by whoever types its address: counted in rows, under a lock of its own."""

from datetime import timedelta

from django.db import connection
from django.db.models.functions import Now

from lib.prepared import Prepared
from signatures.models import AskedMail

# For each address: on one petition, and on the whole site within a day (design, section 2).
PER_PETITION, PER_DAY = 5, 10
DAY = timedelta(days=1)
# A petition's count lives as long as an unconfirmed request does.
KEPT_FOR = timedelta(days=14)
# With the first bytes of the address's hash; docs/architecture.md lists our lock numbers. Whoever types one address
# sixty times at once waits in line: longer than other locks may take.
_LOCK = "SELECT set_config('lock_timeout', '5s', true), pg_advisory_xact_lock(7004, %s)"
# A part of the statement that asks: a second one, after the lock, which sees what was committed meanwhile.
MAY_HAVE_ONE = f"""
  SELECT count(*) FILTER (WHERE petition_id = %(petition)s::bigint) < {PER_PETITION}
         AND count(*) FILTER (WHERE at > statement_timestamp() - interval '{DAY.days} day') < {PER_DAY} AS may_have_one
    FROM signatures_askedmail WHERE address_hash = %(address)s::bytea"""  # noqa: S608 - constants
_COUNT = Prepared(
    "count_mail",
    "INSERT INTO signatures_askedmail (address_hash, petition_id)"
    " VALUES (%(address)s::bytea, %(petition)s::bigint) RETURNING id",
)


def line_up(address: bytes) -> None:
    """Wait for whoever else asks for a mail to this mailbox; until the transaction ends, others wait for us."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [int.from_bytes(address[:4], signed=True)])


def count(*, petition: int, address: bytes) -> None:
    """Count one mail to this mailbox."""
    _COUNT.row({"address": address, "petition": petition})


def forget() -> int:
    """Delete the counts that no cap needs any more, and return how many."""
    return AskedMail.objects.filter(at__lt=Now() - KEPT_FOR).delete()[0]
