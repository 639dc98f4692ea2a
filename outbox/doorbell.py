"""Tell a worker that mail is waiting. The row is the truth: a bell that nobody hears only makes the mail a sweep late."""

import logging
import threading
import time

from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from outbox.models import Lane

logger = logging.getLogger(__name__)

# A frozen broker costs each try half a second; after one such try this process leaves it alone for a while.
QUIET_SECONDS = 5.0
# An old bell is worth nothing: what it rang for has long been swept.
EXPIRES_SECONDS = 30
# Publishing costs a request as much as writing the mail does, and a worker a task: where many commit at once, one bell
# for so long does for all of them.
TOGETHER_SECONDS = 0.2
TASKS = {Lane.URGENT: "outbox.tasks.deliver_urgent", Lane.BULK: "outbox.tasks.deliver_bulk"}


class _Breaker:
    """Remembers, for this process alone, that the broker did not answer."""

    def __init__(self) -> None:
        self._quiet_until = 0.0

    def is_open(self) -> bool:
        """Say whether the broker should be left alone now."""
        return time.monotonic() < self._quiet_until

    def trip(self) -> None:
        """Leave the broker alone for a while."""
        self._quiet_until = time.monotonic() + QUIET_SECONDS

    def reset(self) -> None:
        """Ask the broker again at once."""
        self._quiet_until = 0.0


breaker = _Breaker()


def ring_on_commit(lane: Lane) -> None:
    """Ring for this lane once the transaction has committed, however often it was asked for."""
    if not _is_set(lane):
        transaction.on_commit(_RINGS[lane], robust=True)


def ring(lane: Lane) -> bool:
    """Publish the delivery task; False, at once and without an exception, when the broker is away."""
    if breaker.is_open():
        return False
    try:
        current_app.send_task(TASKS[lane], expires=EXPIRES_SECONDS)
    except (KombuError, RedisError, OSError) as fault:
        breaker.trip()
        logger.warning("doorbell not heard: %s", type(fault).__name__)
        return False
    return True


class _Hand:
    """Rings for one lane in this process: at once, and a moment later once more for all who committed meanwhile."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._lock = threading.Lock()
        self._quiet_until = 0.0
        self._is_raised = False

    def ring(self) -> None:
        """Ring now, or be raised to do so; whoever calls has committed, so that the bell comes after."""
        with self._lock:
            if self._is_raised:
                return
            wait = self._quiet_until - time.monotonic()
            self._is_raised = wait > 0
        if wait > 0:
            later = threading.Timer(wait, self._now)
            later.daemon = True
            later.start()
        else:
            self._now()

    def _now(self) -> None:
        with self._lock:
            self._is_raised = False
            self._quiet_until = time.monotonic() + TOGETHER_SECONDS
        ring(self._lane)


_RINGS = {lane: _Hand(lane).ring for lane in Lane}


def _is_set(lane: Lane) -> bool:
    # Undocumented but old: (savepoints, callback, robust). A callback leaves this list only when a savepoint that
    # encloses it is rolled back, and one of those also encloses us or has been released.
    waiting = transaction.get_connection().run_on_commit
    return any(entry[1] is _RINGS[lane] for entry in waiting)
