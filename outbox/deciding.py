"""What an administrator can do with a mail: send a dead letter again, or drop what has not left."""

import json
import logging

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from outbox import doorbell, kinds, suppressing
from outbox.models import Lane, Message, State

logger = logging.getLogger(__name__)

_DROP = """
UPDATE outbox_message SET state = 'dropped', context = %(context)s::jsonb
WHERE id = %(id)s AND (state = 'failed' OR (state = 'queued' AND lease_owner IS NULL))
"""


def why_not_resend(message: Message) -> str:
    """Return, in words for people, why sending this mail again would be of no use; empty when it may be."""
    if message.state != State.FAILED:
        return _("It is no dead letter.")
    try:
        return _obstacle(message)
    except Exception:
        logger.exception("can't say whether mail %s is still wanted", message.pk)
        return _("Whether anybody still wants it can’t be found out.")


def why_not_drop(message: Message) -> str:
    """Return, in words for people, why this mail can't be dropped; empty when it can."""
    if message.state == State.QUEUED and message.lease_owner:
        return _("It is being sent at this moment.")
    if message.state not in (State.QUEUED, State.FAILED):
        return _("It has left, or was dropped before.")
    return ""


@transaction.atomic
def resend(*, message: Message) -> bool:
    """Put a dead letter back into the queue, as it was; False when it can't be.

    It keeps its Message-ID, and its mark when an earlier try may have reached the mailbox.
    """
    if why_not_resend(message):
        return False
    dead = Message.objects.dead().filter(pk=message.pk)
    # What is still refused for the same reason as before must not start at the end of its tries.
    changed = dead.update(state=State.QUEUED, attempts=0, due_at=Now(), last_error="")
    if changed:
        doorbell.ring_on_commit(Lane(message.lane))
    return bool(changed)


@transaction.atomic
def drop(*, message: Message) -> bool:
    """Give a waiting or dead mail up for good, with its secrets; False when it is gone or being sent."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP, {"context": json.dumps(_without_secrets(message)), "id": message.pk})
        return bool(cursor.rowcount)


def _obstacle(message: Message) -> str:
    try:
        kind = kinds.get(message.kind)
    except kinds.UnknownKindError:
        return _("This site no longer has this kind of mail.")
    if any(message.context.get(key) == "" for key in kind.secrets):
        return _("Its code or link is gone.")
    if kind.still_wanted and not kind.still_wanted(message):
        return _("Its code or link has run out, or nobody wants it any more.")
    if kind.bulk and suppressing.is_suppressed(message.to_address):
        return _("Its address came back; lift that first.")
    return ""


def _without_secrets(message: Message) -> dict[str, object]:
    try:
        secrets = kinds.get(message.kind).secrets
    except kinds.UnknownKindError:
        return {}
    return {**message.context, **{key: "" for key in secrets if key in message.context}}
