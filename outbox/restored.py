"""What is done with mail that was queued in a backup: it may have left long ago."""

import json

from django.db import connection, transaction

from outbox import kinds
from outbox.models import Message, State

_DROP = """
UPDATE outbox_message
SET state = 'dropped', context = context || %(blanks)s::jsonb, lease_owner = NULL, leased_until = NULL
WHERE kind = %(kind)s AND state = 'queued'
"""


def flag_queued() -> int:
    """Mark every queued mail as one that may arrive a second time, free it of its sender, and return how many."""
    return Message.objects.queued().update(maybe_duplicate=True, lease_owner=None, leased_until=None)


@transaction.atomic
def drop_queued() -> int:
    """Send none of the queued mails, blank their secrets, and return how many there were."""
    flagged = flag_queued()
    with connection.cursor() as cursor:
        for kind in kinds.registered():
            blanks = json.dumps(dict.fromkeys(kind.secrets, ""))
            cursor.execute(_DROP, {"kind": kind.name, "blanks": blanks})
    # What no room registers any more has no secrets that we know of.
    Message.objects.queued().update(state=State.DROPPED)
    return flagged
