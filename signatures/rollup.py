"""The roll-up: moves deltas into the tally and, in the same transaction, records the milestones they reach.

It alone records milestones (design decision 6 and 7); a recorded one is never undone or repeated.
"""

from functools import partial

from django.db import connection, transaction

from petitions import discovery
from petitions.goals import reached
from signatures import milestones

# One roll-up at a time on the whole site; docs/architecture.md lists our numbers.
_LOCK = 7_003
_ROLL_UP = """
WITH t AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(%s) AS ok),
d AS (DELETE FROM petitions_delta WHERE (SELECT ok FROM t) RETURNING petition_id, change),
s AS (SELECT petition_id, sum(change) AS change FROM d GROUP BY 1 ORDER BY 1)
UPDATE petitions_tally n SET signatures = n.signatures + s.change
  FROM s, petitions_petition p
 WHERE s.petition_id = n.petition_id AND p.id = n.petition_id
RETURNING n.petition_id, n.signatures, s.change, p.first_goal"""


@transaction.atomic
def roll_up() -> int:
    """Move every committed delta into its tally, record what was reached, and return how many petitions changed."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLL_UP, [_LOCK])
        rows = cursor.fetchall()
    for petition_id, signatures, change, first_goal in rows:
        rungs = reached(signatures, first_goal)
        # Whatever lay below was recorded when it was reached: a tick that passes no rung asks nothing more.
        if rungs and rungs[-1] > signatures - change:
            milestones.record(petition_id, signatures, rungs)
    if rows:
        transaction.on_commit(partial(discovery.keep_up, [row[0] for row in rows]))
    return len(rows)
