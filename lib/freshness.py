"""How far the replica is behind: positions in the primary’s log, by this process’s own clock.

Where the primary stood at a moment is noted; once the replica has replayed so much, it has everything that was
committed until then. So the answer needs no rights, no common clock and no traffic, and a replica that has lost its
primary is found out like a slow one.
"""

import logging
import threading
import time
from collections import deque

from django.db import DEFAULT_DB_ALIAS, Error, connections

from lib import faults
from lib.health import Reading
from lib.patience import waiting_at_most

logger = logging.getLogger(__name__)

REPLICA = "replica"
# What a page may be behind: the promise that holds for counts on pages (seconds).
MOST_BEHIND = 2.0
ASK_EVERY = 0.5
# For so long a replica that failed is not asked again, so that a frozen one costs one time-out and not one a page.
SKIP_SECONDS = 5.0
# What one page may wait for it altogether before the primary is asked.
PATIENCE = 3.0

_WRITTEN = "SELECT pg_current_wal_flush_lsn() - '0/0'::pg_lsn"
_REPLAYED = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() - '0/0'::pg_lsn END"


class Watch:
    """What one process knows of the replica; all its threads share it."""

    def __init__(self) -> None:
        self.state = "not asked yet"
        self._lock = threading.Lock()
        self._positions: deque[tuple[float, int]] = deque(maxlen=round(2 * MOST_BEHIND / ASK_EVERY))
        self._has_all_until = self._trusted_until = self._ask_at = float("-inf")

    def is_fresh(self) -> bool:
        """Say whether a page may be read from the replica; now and then one caller asks both servers first."""
        if time.monotonic() >= self._ask_at and self._lock.acquire(blocking=False):
            try:
                self._ask()
            finally:
                self._lock.release()
        return time.monotonic() <= self._trusted_until

    def leave_alone(self, fault: BaseException) -> None:
        """Read nothing from the replica for a while: it has just failed."""
        self._trusted_until = float("-inf")
        self._ask_at = time.monotonic() + SKIP_SECONDS
        self._tell(f"away ({faults.in_short(fault)})")

    def lag(self) -> float | None:
        """Return how far behind the replica is at most (seconds), where that is known."""
        since = time.monotonic() - self._has_all_until
        return None if since == float("inf") else since

    def look(self) -> None:
        """Ask both servers now."""
        with self._lock:
            self._ask()

    def _ask(self) -> None:
        self._ask_at = time.monotonic() + ASK_EVERY
        is_blind = not self._note_the_primary()
        try:
            with waiting_at_most(PATIENCE, REPLICA):
                replayed = _number(REPLICA, _REPLAYED)
        except Error as fault:
            self.leave_alone(fault)
            return
        if replayed is None:
            self._trusted_until = float("-inf")
            self._tell("not a replica")
        else:
            self._judge(replayed, is_blind=is_blind)

    def _note_the_primary(self) -> bool:
        """Note where the primary stands now; False if it does not answer."""
        now = time.monotonic()
        try:
            position = _number(DEFAULT_DB_ALIAS, _WRITTEN)
        except Error:
            return False
        self._positions.append((now, position or 0))
        return True

    def _judge(self, replayed: int, *, is_blind: bool) -> None:
        reached = [moment for moment, position in self._positions if position <= replayed]
        self._has_all_until = max([self._has_all_until, *reached])
        if is_blind:
            # Nobody can write what the replica would miss, and a page is better than none.
            self._trusted_until = time.monotonic() + SKIP_SECONDS
            self._tell("alone")
            return
        self._trusted_until = self._has_all_until + MOST_BEHIND
        self._tell("fresh" if time.monotonic() <= self._trusted_until else "behind")

    def _tell(self, state: str) -> None:
        if state != self.state:
            self.state = state
            logger.log(logging.INFO if state == "fresh" else logging.WARNING, "replica: %s", state)


watch = Watch()


def read_replica() -> Reading:
    """Report whether public pages can be read from the replica, and how far behind it is at most."""
    watch.look()
    if watch.state == "behind":
        # A busy primary is always a little ahead; what it had half a second ago must be there.
        time.sleep(ASK_EVERY)
        watch.look()
    lag = watch.lag()
    figures: dict[str, float | int | str | None] = {
        "state": watch.state,
        "lag_seconds": None if lag is None else round(lag, 1),
    }
    return Reading(ok=watch.state == "fresh", figures=figures)


def _number(alias: str, query: str) -> int | None:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        found = cursor.fetchone()[0]
    return None if found is None else int(found)
