"""Try a whole unit of work again when it met somebody else’s."""

import logging
import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

from lib import faults

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3
# Nobody is kept waiting for another try when the earlier ones took so long (seconds).
PATIENCE = 5.0
# Two that met must not meet again: each waits for a time of its own, at most so long.
LONGEST_PAUSE = 0.3


def retried(unit: Callable[P, R]) -> Callable[P, R]:
    """Mark a unit of work, outside its `transaction.atomic`, that may be run again after a lock or a deadlock.

    PostgreSQL has undone all of it by then. Within somebody else’s transaction it runs once: what has to be tried
    again is the whole, and that is the outer one’s to say.
    """

    @wraps(unit)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        since = time.monotonic()
        for _another in range(TRIES - 1):
            try:
                return unit(*args, **kwargs)
            except OperationalError as fault:
                if not _is_worth_it(fault, since):
                    raise
                logger.info("%s is tried again: %s", unit.__qualname__, faults.in_short(fault))
            time.sleep(random.uniform(0.02, LONGEST_PAUSE))  # noqa: S311 - spreads tries, guards nothing
        return unit(*args, **kwargs)

    return tried


def _is_worth_it(fault: OperationalError, since: float) -> bool:
    is_whole = not connection.in_atomic_block
    return is_whole and faults.is_passing(fault) and time.monotonic() - since < PATIENCE
