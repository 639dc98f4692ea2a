"""What must not stay: whom a mail went to and what it said, once nobody asks any more.

Sent and dropped mails lose both 90 days after they were written. Their rows stay, empty, for their keys: an announcement
that is worked off again, and the audit that looks for forgotten supporters, find by them who was told. Rows of kinds
whose keys can't come up again are deleted. Dead letters that nobody has dealt with for as long are dropped first; mails
that still wait, behind a pause even for long, are left alone.
"""

import time
from collections.abc import Callable

from django.db.models import Value
from django.db.models.functions import Concat

from outbox import kinds, suppressing
from outbox.models import Message, State

BATCH = 1_000
# The rest is for the next run: a task has to end.
SECONDS = 60.0


def forget_old() -> int:
    """Forget in batches, for a minute at most, and return how many mails it was."""
    suppressing.forget_old()
    until = time.monotonic() + SECONDS
    _in_batches(_drop_some, until)
    return _in_batches(_forget_some, until)


def _in_batches(work: Callable[[], int], until: float) -> int:
    done = found = work()
    while found and time.monotonic() < until:
        found = work()
        done += found
    return done


def _drop_some() -> int:
    """Drop dead letters that are old; their secrets go at once with the rest."""
    old = Message.objects.dead().old().order_by("pk").values("pk")[:BATCH]
    because = Concat("last_error", Value(" (dropped: nobody dealt with it)"))
    return Message.objects.dead().filter(pk__in=old).update(state=State.DROPPED, last_error=because)


def _forget_some() -> int:
    """Empty or delete the longest settled."""
    old = list(Message.objects.settled().old().order_by("created_at").values_list("pk", flat=True)[:BATCH])
    rows = Message.objects.settled().filter(pk__in=old)
    spent = [kind.name for kind in kinds.registered() if kind.key_is_spent]
    emptied = rows.exclude(kind__in=spent).update(to_address="", context={})
    return emptied + rows.filter(kind__in=spent).delete()[0]
