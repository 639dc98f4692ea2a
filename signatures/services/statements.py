"""The hot statements: each checks the petition, changes one signature and writes the delta, all at once.

Each reads the database's clock once, compares that reading and stores it, and takes the petition FOR SHARE: a close
under way is waited for and then seen, so no signature follows a committed close (design decision 8).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

# After a petition has ended, requests from before may still be confirmed for so long (design, decision 8).
GRACE = timedelta(hours=24)
# When signing ended, or ends; NULL for never.
_END = "CASE WHEN p.state = 'closed' THEN least(p.closed_at, p.closes_at) ELSE p.closes_at END"
_PETITION = f"""
WITH t AS MATERIALIZED (SELECT clock_timestamp() AS at),
p AS MATERIALIZED (
  SELECT p.id, p.version_id, t.at, {_END} AS ends,
         p.state = 'published' AND (p.closes_at IS NULL OR t.at < p.closes_at) AS is_open
    FROM petitions_petition p, t WHERE p.id = %(petition)s AND p.state IN ('published', 'closed')
     FOR SHARE OF p),"""  # noqa: S608
_COUNT = """
  RETURNING mine.id, mine.petition_id, mine.state),
d AS (INSERT INTO petitions_delta (petition_id, change) SELECT petition_id, 1 FROM s WHERE state = 'confirmed')
SELECT coalesce((SELECT is_open FROM p), false), (SELECT id FROM s), (SELECT state FROM s)"""

# The place-holders hold constants of this file alone; every value is a parameter.
_INSERT = f"""{_PETITION}
s AS (
  INSERT INTO signatures_signature AS mine
    (petition_id, version_id, consent_id, user_id, identity_hash, state, suspicion, email, name, reason, public,
     updates, language, email_domain, network_hash, asked, asked_at, confirmed_at, changed_at, removed_from)
  SELECT p.id, p.version_id, %(consent)s, %(user)s, %(identity)s, %(state)s, %(suspicion)s, %(email)s, %(name)s,
         %(reason)s, %(public)s, %(updates)s, %(language)s, %(domain)s, %(network)s, %(asked)s::jsonb, p.at,
         CASE WHEN %(state)s = 'confirmed' THEN p.at END, p.at, ''
    FROM p WHERE p.is_open
  ON CONFLICT"""  # noqa: S608
_SIGN = f"{_INSERT} DO NOTHING{_COUNT}"

# What is typed again waits beside the signature: nothing unproven overwrites what was proven. Where nothing was, the
# last spelling of the address holds, and one request without suspicion lifts that of another.
_ASK = f"""{_INSERT} (petition_id, identity_hash) DO UPDATE
     SET asked = excluded.asked, asked_at = excluded.asked_at,
         email = CASE mine.state WHEN 'pending' THEN excluded.email ELSE mine.email END,
         suspicion = CASE WHEN mine.state = 'pending' AND excluded.suspicion = '' THEN '' ELSE mine.suspicion END
   WHERE mine.state IN ('pending', 'withdrawn'){_COUNT}"""  # noqa: S608

# Pending: while open, or within a day of the end if it was asked for before. Withdrawn: while open alone.
_CONFIRM = f"""{_PETITION}
s AS (
  UPDATE signatures_signature mine
     SET state = CASE WHEN mine.state = 'pending' AND mine.suspicion <> '' AND NOT %(trusted)s THEN 'held'
                      ELSE 'confirmed' END,
         email = CASE mine.state WHEN 'pending' THEN %(email)s ELSE mine.email END,
         user_id = %(user)s, version_id = p.version_id, consent_id = %(consent)s, name = %(name)s,
         reason = %(reason)s, public = %(public)s, updates = %(updates)s, language = %(language)s,
         confirmed_at = p.at, changed_at = p.at, withdrawn_at = NULL, asked = NULL
    FROM p
   WHERE mine.id = %(signature)s AND mine.petition_id = p.id
     AND (mine.state = 'withdrawn' AND p.is_open
          OR mine.state = 'pending'
             AND (p.is_open OR mine.asked_at < p.ends AND p.at < p.ends + %(grace)s)){_COUNT}"""  # noqa: S608

_MOVE = """
WITH s AS (
  UPDATE signatures_signature
     SET state = %(target)s, changed_at = clock_timestamp(),
         withdrawn_at = CASE WHEN %(target)s = 'withdrawn' THEN clock_timestamp() ELSE withdrawn_at END
   WHERE id = %(signature)s AND state = %(source)s RETURNING petition_id),
d AS (INSERT INTO petitions_delta (petition_id, change) SELECT petition_id, %(change)s FROM s WHERE %(change)s <> 0)
SELECT petition_id FROM s"""


@dataclass(frozen=True)
class Written:
    """What a statement found: whether the petition is open, and the signature it wrote, if it wrote one."""

    is_open: bool
    signature_id: int | None
    state: str | None


def sign(values: dict[str, Any]) -> Written:
    """Write a new signature on an open petition; nothing is written where one exists by identity or account."""
    return _write(_SIGN, values)


def ask(values: dict[str, Any]) -> Written:
    """Write a new request on an open petition, or renew the one of the same mailbox where it still waits.

    Whatever row the mailbox has stays locked until the transaction ends.
    """
    return _write(_ASK, values)


def confirm(values: dict[str, Any]) -> Written:
    """Confirm a pending or withdrawn signature with what its person has said, or write nothing."""
    return _write(_CONFIRM, values | {"grace": GRACE})


def move(signature_id: int, *, source: str, target: str) -> bool:
    """Move a signature if it is where the caller says, with its delta; say whether it moved."""
    change = (target == "confirmed") - (source == "confirmed")
    values: dict[str, Any] = {
        "signature": signature_id,
        "source": source,
        "target": target,
        "change": change,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, values)
        return cursor.fetchone() is not None


def _write(statement: str, values: dict[str, Any]) -> Written:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return Written(*cursor.fetchone())
