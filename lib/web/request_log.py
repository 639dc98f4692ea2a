"""One log line for each request: method, route, status and time; never a path, which may hold a token."""

import logging
import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.signals import got_request_exception
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lib import faults, requestid
from lib.web.terms import Terms

logger = logging.getLogger("hundred.request")


class RequestLog:
    """Middleware that gives each request an id, sends it back as X-Request-ID and logs the outcome."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        # Sent for views and middleware alike; what is a way to answer (404, 403) never comes here.
        got_request_exception.connect(_log_fault, dispatch_uid="request-log")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer and log; a fault is logged with its traceback under the same id."""
        request_id = requestid.start()
        began = time.monotonic()
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        terms = Terms.of(request.META)
        # The page cache knows what is really sent, and writes the line itself.
        if not (terms and terms.are_given):
            write(request.method or "", route_of(request), response.status_code, began, request_id)
        return response


def route_of(request: HttpRequest) -> str:
    """Return the pattern that the address matched, without what stood in its place-holders."""
    match = request.resolver_match
    return match.route if match else "-"


def write(method: str, route: str, status: int, began: float, request_id: str) -> None:
    """Write the line of a request that began at this reading of the monotonic clock."""
    level = logging.WARNING if status >= HTTPStatus.INTERNAL_SERVER_ERROR else logging.INFO
    if logger.isEnabledFor(level):
        ms = round(1000 * (time.monotonic() - began))
        facts = {"request_id": request_id, "status": status, "ms": ms, "method": method, "route": route}
        logger.log(level, "request", extra=facts)


def _log_fault(request: HttpRequest | None = None, **_: Any) -> None:
    fault = sys.exception()
    if request and fault and not faults.is_outage(fault):
        logger.error("fault in %s", route_of(request), exc_info=fault)
