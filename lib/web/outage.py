"""A database that is away is no fault of the page: 503, with a word on when to come back and what was typed."""

import logging
import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template import loader
from django.utils.translation import gettext as _

from lib import faults
from lib.web.public import PRIVATE
from lib.web.sent import SAFE_METHODS, sent_with

logger = logging.getLogger(__name__)

# Seconds after which a browser or a cache may ask again; PostgreSQL recovers from a crash within a few.
RETRY_AFTER = 10
# What somebody else holds is free again much sooner.
RETRY_BUSY_AFTER = 3


class Outage:
    """Middleware that turns a lost database into a clean 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; what other middleware meets comes to `instead_of_500`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Answer 503 when a view lost the database."""
        return unavailable(request, fault) if faults.is_outage(fault) else None


def instead_of_500(request: HttpRequest) -> HttpResponse | None:
    """Return the answer for a fault that is being handled where it is an outage, else None.

    Django asks for the page of a 500 wherever middleware meets the outage: a session, a commit, an account page.
    """
    fault = sys.exception()
    return unavailable(request, fault) if fault and faults.is_outage(fault) else None


def unavailable(request: HttpRequest, fault: BaseException) -> HttpResponse:
    """Return the answer that needs nothing but itself, in the form that was asked for."""
    is_busy = faults.is_passing(fault)
    logger.error("database %s: %s", "busy" if is_busy else "away", faults.in_short(fault))
    response = _answer(request, is_busy=is_busy)
    response.status_code = 503
    response["Retry-After"] = str(RETRY_BUSY_AFTER if is_busy else RETRY_AFTER)
    response["Cache-Control"] = PRIVATE
    return response


def _answer(request: HttpRequest, *, is_busy: bool) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(_page("components/outage.html", {"is_busy": is_busy}))
    if _wants_json(request):
        return JsonResponse({"error": _("The site is away for a moment. Try again soon.")})
    is_post = request.method not in SAFE_METHODS
    sent = sent_with(request) if is_post else None
    return HttpResponse(_page("503.html", {"is_busy": is_busy, "is_post": is_post, "sent": sent}))


def _wants_json(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept", "")
    return request.path.endswith(".json") or ("application/json" in accepted and "text/html" not in accepted)


def _page(template: str, context: dict[str, object]) -> str:
    # Rendered without the request: no context processor asks who is reading.
    return loader.get_template(template).render(context)
