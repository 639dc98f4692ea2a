"""Write down what became of mails, as long as the lease is still ours."""

import json
import logging
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.db.models.functions import Now

from outbox import kinds, pausing, suppressing
from outbox.models import Message, State
from outbox.verdicts import Outcome, Verdict, delay_after

logger = logging.getLogger(__name__)

# One statement: done, lease given back, secrets gone, all or nothing.
_FINISH = """
UPDATE outbox_message
SET state = %(state)s, sent_at = CASE WHEN %(state)s = 'sent' THEN clock_timestamp() END, last_error = %(error)s,
    context = context || %(blanks)s::jsonb, lease_owner = NULL, leased_until = NULL
WHERE id = %(id)s AND lease_owner = %(owner)s AND state = 'queued'
"""


def record(outcome: Outcome, owner: UUID) -> None:
    """Record an outcome for the holder of the lease; a row that another sender took over stays untouched."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Should the database crash within a moment, the lease is still there: no mail is lost, only repeated.
        cursor.execute("SET LOCAL synchronous_commit = off")
        if outcome.verdict in (Verdict.SENT, Verdict.DROPPED):
            changed = _finish(cursor, outcome, owner)
        elif outcome.verdict is Verdict.SHUT_OUT:
            changed = _give_back(outcome, owner)
        else:
            changed = _postpone_or_fail(outcome, owner)
        _learn(outcome)
    if not changed:
        logger.warning("lease lost before recording %s of mail %s", outcome.verdict.value, outcome.message.pk)


def release(messages: Iterable[Message], owner: UUID) -> None:
    """Give back rows that were claimed but never tried, as if they had not been claimed."""
    ids = [message.pk for message in messages]
    if ids:
        rows = Message.objects.held_by(owner).filter(pk__in=ids)
        rows.update(attempts=F("attempts") - 1, lease_owner=None, leased_until=None)


def _finish(cursor: CursorWrapper, outcome: Outcome, owner: UUID) -> int:
    message = outcome.message
    blanks = json.dumps(dict.fromkeys(kinds.get(message.kind).secrets, ""))
    values = {
        "state": outcome.verdict.value, "error": outcome.error, "blanks": blanks, "id": message.pk, "owner": owner,
    }  # fmt: skip
    cursor.execute(_FINISH, values)
    return int(cursor.rowcount)


def _give_back(outcome: Outcome, owner: UUID) -> int:
    """Leave the try uncounted, and let another mail go first: should this one be to blame, the next probe shows it."""
    rows = Message.objects.held_by(owner).filter(pk=outcome.message.pk)
    return rows.update(
        attempts=F("attempts") - 1,
        due_at=Now(),
        last_error=outcome.error,
        lease_owner=None,
        leased_until=None,
    )


def _learn(outcome: Outcome) -> None:
    """Remember what the answer says beyond this one mail."""
    message = outcome.message
    if outcome.verdict is Verdict.SHUT_OUT:
        pausing.pause_by_itself(answer=outcome.error)
    elif outcome.mailbox_is_gone:
        suppressing.suppress(message=message, answer=outcome.error)
    elif outcome.verdict is Verdict.SENT and not kinds.get(message.kind).bulk:
        # Bulk mail isn't even tried there.
        suppressing.lift(address=message.to_address)


def _postpone_or_fail(outcome: Outcome, owner: UUID) -> int:
    message = outcome.message
    values: dict[str, object] = {
        "last_error": outcome.error,
        "maybe_duplicate": message.maybe_duplicate or outcome.maybe_duplicate,
        "lease_owner": None,
        "leased_until": None,
    }
    if outcome.verdict is Verdict.FAILED:
        values["state"] = State.FAILED
    else:
        values["due_at"] = Now() + timedelta(seconds=delay_after(message.attempts))
    level = logging.WARNING if outcome.verdict is Verdict.FAILED else logging.INFO
    facts = (outcome.verdict.value, message.pk, message.kind, message.attempts)
    logger.log(level, "mail %s: id %s kind %s attempt %s", *facts)
    return Message.objects.held_by(owner).filter(pk=message.pk).update(**values)
