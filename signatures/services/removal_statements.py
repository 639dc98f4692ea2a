"""The statements that take many signatures out of the count and put them back, each with all that follows from it.

One step at a time on the whole site, by a lock: then the order of locks is always removal, signatures by number,
deltas, numbers by reason, and no two steps can wait for each other. Signers and withdrawals hold one signature each
and take nothing after it, so they are waited for and never in a circle.
"""

from typing import Any

from django.db import connection

from signatures.models import Removal

# docs/architecture.md lists our lock numbers. Looking for the next few among millions may take longer than a page may.
_LOCK = "SELECT set_config('statement_timeout', '60s', true), pg_advisory_xact_lock(7005)"
_TAKE = """
WITH s AS (
  UPDATE signatures_signature
     SET state = 'removed', removed_from = state, removal_id = %(removal)s, changed_at = clock_timestamp()
   WHERE id = ANY(%(signatures)s) AND state IN ('confirmed', 'held') RETURNING id, petition_id, removed_from),
d AS (
  INSERT INTO petitions_delta (petition_id, change)
  SELECT petition_id, -count(*) FROM s WHERE removed_from = 'confirmed' GROUP BY 1),
n AS (
  INSERT INTO signatures_removedcount AS n (petition_id, kind, signatures)
  SELECT petition_id, %(kind)s, count(*) FROM s GROUP BY 1
  ON CONFLICT (petition_id, kind) DO UPDATE SET signatures = n.signatures + excluded.signatures)
SELECT id FROM s"""
_PUT_BACK = """
WITH s AS (
  UPDATE signatures_signature
     SET state = removed_from, removed_from = '', removal_id = NULL, changed_at = clock_timestamp()
   WHERE id = ANY(%(signatures)s) AND removal_id = %(removal)s RETURNING id, petition_id, state),
d AS (
  INSERT INTO petitions_delta (petition_id, change)
  SELECT petition_id, count(*) FROM s WHERE state = 'confirmed' GROUP BY 1),
n AS (
  UPDATE signatures_removedcount n SET signatures = n.signatures - s.signatures
    FROM (SELECT petition_id, count(*) AS signatures FROM s GROUP BY 1) s
   WHERE n.petition_id = s.petition_id AND n.kind = %(kind)s)
SELECT id FROM s"""


def one_step_at_a_time() -> None:
    """Wait for any other step; until the transaction ends no other one begins."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def take(signatures: list[int], removal: Removal) -> set[int]:
    """Remove those that count or are held, and return which they were."""
    return _moved(_TAKE, signatures, removal)


def put_back(signatures: list[int], removal: Removal) -> set[int]:
    """Put those that this removal took back to where each was, and return which they were."""
    return _moved(_PUT_BACK, signatures, removal)


def _moved(statement: str, signatures: list[int], removal: Removal) -> set[int]:
    values: dict[str, Any] = {"signatures": signatures, "removal": removal.pk, "kind": removal.kind}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {row[0] for row in cursor.fetchall()}
