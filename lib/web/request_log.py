"""One log line for each request: method, route, status and time; never a path, which may hold a token."""

import logging
import time
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from lib import requestid

# Exceptions that are a way to answer, and no fault.
ANSWERS = (Http404, PermissionDenied, SuspiciousOperation)
logger = logging.getLogger("hundred.request")


class RequestLog:
    """Middleware that gives each request an id, sends it back as X-Request-ID and logs the outcome."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer and log; faults are logged with their traceback by `process_exception`."""
        request_id = requestid.start()
        began = time.monotonic()
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        _log(request, response.status_code, round(1000 * (time.monotonic() - began)))
        return response

    def process_exception(self, request: HttpRequest, fault: Exception) -> None:
        """Log the fault under the request's id; Django goes on to the error page."""
        if not isinstance(fault, ANSWERS):
            logger.error("fault in %s", route_of(request), exc_info=fault)


def route_of(request: HttpRequest) -> str:
    """Return the pattern that the address matched, without what stood in its place-holders."""
    match = request.resolver_match
    return match.route if match else "-"


def _log(request: HttpRequest, status: int, ms: int) -> None:
    level = logging.WARNING if status >= HTTPStatus.INTERNAL_SERVER_ERROR else logging.INFO
    facts = {"method": request.method, "route": route_of(request), "status": status, "ms": ms}
    logger.log(level, "request", extra=facts)
