"""Forged requests: a visitor needs no token where the browser says that our own page sent the form.

A visitor's first two requests (a page, and the panel that it asks for) may each be given a cookie with a token, and the one
that arrives last would make the other's form a forgery. Somebody without a session has nothing that could be abused.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def is_sent_by_our_page(request: HttpRequest) -> bool:
    """Whether the browser says so: no page can write another `Origin` than its own (Fetch standard, 2.2.2)."""
    return request.META.get("HTTP_ORIGIN") == f"{request.scheme}://{request.get_host()}"


class TrustedVisitors:
    """Middleware before Django's check for forgery: it spares visitors the token, and nobody who has a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Tell the middleware and the decorators of that check that it is done."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES and is_sent_by_our_page(request):
            request.csrf_processing_done = True  # type: ignore[attr-defined]
