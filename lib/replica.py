"""Public pages read from a replica of the database, where there is one (docs/decisions/0017).

Whoever writes, everything personal and whatever runs in a transaction asks the primary. So does a public page while the
replica is away or too far behind; and an answer other than a page (not found, moved, gone) is the primary’s to give.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connection
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from lib import faults
from lib.freshness import PATIENCE, REPLICA, watch
from lib.patience import waiting_at_most

View = Callable[..., HttpResponseBase]

# A statement that was too slow there would be no quicker here.
TOO_SLOW = "57014"

_is_reading: ContextVar[bool] = ContextVar("is_reading_from_replica", default=False)


def from_replica(view: View) -> View:
    """Let a view that only reads, and the same for everybody, read from the replica while that is of use."""

    @wraps(view)
    def read(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page = _page(view, request, *args, **kwargs) if _is_of_use() else None
        return page or view(request, *args, **kwargs)

    return read


class Router:
    """Django’s database router: reads of such a view go to the replica, all else to the primary."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """Return where a query goes; within a transaction, where its own writes are seen."""
        is_allowed = _is_reading.get() and not connection.in_atomic_block
        return REPLICA if is_allowed else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Return the primary."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        """Allow all: both hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Migrate the primary alone; the replica follows."""
        return db != REPLICA


def _is_of_use() -> bool:
    return REPLICA in settings.DATABASES and not connection.in_atomic_block and watch.is_fresh()


def _page(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase | None:
    """Return the page as the replica has it, or None where the primary must be asked."""
    token = _is_reading.set(True)
    try:
        with waiting_at_most(PATIENCE, REPLICA):
            response = view(request, *args, **kwargs)
    except Http404:
        return None
    except Error as fault:
        if not faults.is_outage(fault) or faults.sqlstate(fault) == TOO_SLOW:
            raise
        # What replays a conflicting change cancels a query, and is of use again at once.
        if not faults.is_passing(fault):
            watch.leave_alone(fault)
        return None
    finally:
        _is_reading.reset(token)
    return response if response.status_code == HTTPStatus.OK else None
