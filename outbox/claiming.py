"""Choose which mails leave next: the longest due of the kinds that nobody has paused.

A backlog of a paused kind costs one step in the index, whatever its length: the kinds in a lane are found by skipping
from one to the next, and only the kinds that may leave are read, each from its own oldest mail on.
"""

import uuid
from datetime import timedelta

from lib.prepared import Prepared
from outbox.models import Lane, Message

# Longer than a group and the longest conversation: nobody else sends what we are still sending.
LEASE_SECONDS = 120

_MAY_LEAVE = """
    mail.state = 'queued' AND mail.lane = %(lane)s::smallint AND mail.kind = {kinds}.kind
    AND mail.due_at <= statement_timestamp()
    AND (mail.leased_until IS NULL OR mail.leased_until < statement_timestamp())
"""
# `queued` are the kinds that wait in a lane, `heads` those that may leave, each with the time of its oldest mail; none
# while everything is paused. A probe passes the site's own pause, but none that a person ordered.
HEADS = f"""
RECURSIVE queued (kind) AS (
    (SELECT mail.kind FROM outbox_message AS mail
     WHERE mail.state = 'queued' AND mail.lane = %(lane)s::smallint AND NOT EXISTS (
         SELECT FROM outbox_pause AS pause
         WHERE pause.kind = '' AND pause.ended_at IS NULL AND NOT (pause.is_automatic AND %(probing)s::boolean))
     ORDER BY mail.kind LIMIT 1)
    UNION ALL
    SELECT (SELECT mail.kind FROM outbox_message AS mail
            WHERE mail.state = 'queued' AND mail.lane = %(lane)s::smallint AND mail.kind > queued.kind
            ORDER BY mail.kind LIMIT 1)
    FROM queued WHERE queued.kind IS NOT NULL
), heads AS MATERIALIZED (
    SELECT queued.kind, head.due_at
    FROM queued CROSS JOIN LATERAL (
        SELECT mail.due_at FROM outbox_message AS mail WHERE {_MAY_LEAVE.format(kinds="queued")}
        ORDER BY mail.due_at, mail.id LIMIT 1
    ) AS head
    WHERE NOT EXISTS (
        SELECT FROM outbox_pause AS pause WHERE pause.kind = queued.kind AND pause.ended_at IS NULL)
    ORDER BY head.due_at, queued.kind
)"""  # noqa: S608 - made of constants

# By name: an older process goes on claiming after a migration has added one.
_STORED = Message._meta.concrete_fields  # noqa: SLF001 - Django documents it
_COLUMNS = ", ".join(f"message.{field.column}" for field in _STORED)
_CLAIM = Prepared(
    "claim_mails",
    f"""
WITH {HEADS}, chosen AS MATERIALIZED (
    SELECT mails.id FROM heads CROSS JOIN LATERAL (
        SELECT mail.id FROM outbox_message AS mail WHERE {_MAY_LEAVE.format(kinds="heads")}
        ORDER BY mail.due_at, mail.id LIMIT %(limit)s::int FOR UPDATE SKIP LOCKED
    ) AS mails
    LIMIT %(limit)s::int
)
UPDATE outbox_message AS message
SET lease_owner = %(owner)s::uuid, leased_until = clock_timestamp() + make_interval(secs => %(seconds)s::int),
    attempts = attempts + 1, maybe_duplicate = maybe_duplicate OR leased_until IS NOT NULL
FROM chosen WHERE message.id = chosen.id
RETURNING {_COLUMNS}
""",  # noqa: S608 - made of constants
)

_WAIT = Prepared(
    "longest_wait",
    f"WITH {HEADS} SELECT statement_timestamp() - min(due_at) FROM heads",  # noqa: S608 - made of constants
)


def claim(lane: Lane, limit: int, owner: uuid.UUID, *, probing: bool = False) -> list[Message]:
    """Lease up to `limit` mails that may leave, the longest due first; no two owners ever get the same one."""
    values = {
        "lane": lane.value,
        "limit": limit,
        "owner": owner,
        "seconds": LEASE_SECONDS,
        "probing": probing,
    }
    claimed = Message.objects.raw(_CLAIM.ready(), values)
    return sorted(claimed, key=lambda message: (message.due_at, message.pk))


def longest_wait(lane: Lane, *, probing: bool = False) -> timedelta | None:
    """Return how long the mail that leaves next has been due; None when nothing is to be sent in this lane."""
    row = _WAIT.row({"lane": lane.value, "probing": probing})
    return row[0] if row else None
