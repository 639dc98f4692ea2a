"""A database that is away is no fault of the page: 503, with a word on when to come back."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import loader

logger = logging.getLogger(__name__)

# Seconds after which a browser or a cache may ask again; PostgreSQL recovers from a crash within a few.
RETRY_AFTER = 10


class Outage:
    """Middleware that turns a lost database into a clean 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or say that the site is away for a moment; other middleware may meet the outage too."""
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError) as fault:
            return unavailable(fault)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Answer 503 when a view lost the database."""
        return unavailable(fault) if isinstance(fault, OperationalError | InterfaceError) else None


def unavailable(fault: Exception) -> HttpResponse:
    """Return the page that needs nothing but itself."""
    logger.error("database away: %s", type(fault).__name__)
    page = loader.get_template("503.html").render()
    return HttpResponse(
        page, status=503, headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    )
