"""Write down what became of mails, as long as the lease is still ours."""

import json
import logging
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from lib.prepared import Prepared
from outbox import kinds, pausing, suppressing
from outbox.models import Message, State
from outbox.verdicts import Outcome, Verdict, delay_after

logger = logging.getLogger(__name__)

# One statement: done, lease given back, secrets gone, the address works again, all or nothing. Should the database crash
# within a moment, the lease is still there: no mail is lost, only repeated; so nobody waits for the disk.
_FINISH = Prepared(
    "finish_mail",
    """
WITH at_ease AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
lifted AS (DELETE FROM outbox_suppression WHERE address = %(works)s::text)
UPDATE outbox_message
SET state = %(state)s::text, sent_at = CASE WHEN %(state)s::text = 'sent' THEN clock_timestamp() END,
    last_error = %(error)s::text,
    context = context || %(blanks)s::jsonb, lease_owner = NULL, leased_until = NULL
FROM at_ease WHERE id = %(id)s::bigint AND lease_owner = %(owner)s::uuid AND state = 'queued'
""",
)


def record(outcome: Outcome, owner: UUID) -> None:
    """Record an outcome for the holder of the lease; a row that another sender took over stays untouched."""
    is_settled = outcome.verdict in (Verdict.SENT, Verdict.DROPPED)
    changed = _finish(outcome, owner) if is_settled else _keep(outcome, owner)
    if not changed:
        logger.warning("lease lost before recording %s of mail %s", outcome.verdict.value, outcome.message.pk)


def release(messages: Iterable[Message], owner: UUID) -> None:
    """Give back rows that were claimed but never tried, as if they had not been claimed."""
    ids = [message.pk for message in messages]
    if ids:
        rows = Message.objects.held_by(owner).filter(pk__in=ids)
        rows.update(attempts=F("attempts") - 1, lease_owner=None, leased_until=None)


def _finish(outcome: Outcome, owner: UUID) -> int:
    message, kind = outcome.message, kinds.get(outcome.message.kind)
    # Bulk mail isn't even tried where one came back.
    has_proven = outcome.verdict is Verdict.SENT and not kind.bulk
    values = {
        "state": outcome.verdict.value,
        "error": outcome.error,
        "blanks": json.dumps(dict.fromkeys(kind.secrets, "")),
        "id": message.pk,
        "owner": owner,
        "works": suppressing.key_of(message.to_address) if has_proven else None,
    }
    return _FINISH.run(values)


@transaction.atomic
def _keep(outcome: Outcome, owner: UUID) -> int:
    """Record what is no end, or an end that leaves something to do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    is_shut_out = outcome.verdict is Verdict.SHUT_OUT
    changed = _give_back(outcome, owner) if is_shut_out else _postpone_or_fail(outcome, owner)
    if is_shut_out:
        pausing.pause_by_itself(answer=outcome.error)
    elif outcome.mailbox_is_gone:
        suppressing.suppress(message=outcome.message, answer=outcome.error)
    return changed


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
