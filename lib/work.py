"""What every Celery task is: a tick that finds its work in the database, and ends quietly when that is away."""

import logging
from typing import Any

from celery import Task
from django.db import close_old_connections
from django.db.utils import Error

from lib import faults

logger = logging.getLogger(__name__)


class Work(Task):  # type: ignore[type-arg]
    """A task that says in one line that it met an outage; the next tick finds what was left, on a new connection.

    A connection serves one task after the other, as it serves requests: a new one costs the database more than most
    ticks have to ask.
    """

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run; a lost, full or overrun database ends a worker’s task early, any other fault is a fault."""
        if self.request.called_directly:
            return self.run(*args, **kwargs)
        close_old_connections()
        try:
            return self.run(*args, **kwargs)
        except Error as fault:
            if not faults.is_outage(fault):
                raise
            logger.warning("task %s ended early: %s", self.name, faults.in_short(fault))
            return None
