"""Public pages: the same bytes for everybody, without a cookie, so that any cache may keep them."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.http import require_safe

from lib.web.terms import Terms

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]

# One second of shared caching, one stale answer while it is renewed, a minute of stale ones while we are down.
CACHE_CONTROL = "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=60"
PRIVATE = "private, no-store"


def public_page(view: View) -> View:
    """Mark a GET view as public: its request carries no cookies, its answer none either and an ETag.

    A view that asks who is reading after all is answered `private, no-store` and logged as an error.
    """
    return _for_everybody(view, kept=False)


def kept_page(*reads: str) -> Callable[[View], View]:
    """Mark a GET view as public, and its page as one that each process may keep for a moment (lib.web.pagecache).

    `reads` are the parameters that the view looks at: addresses that differ in others only are the same page.
    """
    return lambda view: _for_everybody(view, kept=True, reads=reads)


def private_page(view: View) -> View:
    """Mark a view as personal: nobody keeps a copy of its answer."""

    @wraps(view)
    def unkept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = PRIVATE
        return response

    return unkept


def _for_everybody(view: View, *, kept: bool, reads: tuple[str, ...] = ()) -> View:
    @wraps(view)
    def without_cookies(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _forget_the_reader(request)
        response = view(request, *args, **kwargs)
        if _is_personal(request):
            logger.error("public page asked who is reading it: %s", view.__name__)
            response["Cache-Control"] = PRIVATE
            return response
        response.headers.setdefault("Cache-Control", CACHE_CONTROL)
        if response.status_code != HTTPStatus.OK or not isinstance(response, HttpResponse):
            return response
        set_response_etag(response)
        is_kept = kept and _is_left_to_cache(request, reads)
        return response if is_kept else _unless_unchanged(request, response)

    guarded: View = require_safe(without_cookies)
    return guarded


def _is_left_to_cache(request: HttpRequest, reads: tuple[str, ...]) -> bool:
    """Tell the cache in front, if there is one, that this answer may be kept; it wants the answer whole."""
    terms = Terms.of(request.META)
    if terms is None or request.resolver_match is None:
        return False
    terms.route, terms.reads = request.resolver_match.route, reads
    return True


def _forget_the_reader(request: HttpRequest) -> None:
    # A malformed session or CSRF cookie would make the stock middleware set cookies on this answer.
    request.COOKIES = {}
    for name in ("HTTP_COOKIE", "CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE"):
        request.META.pop(name, None)


def _is_personal(request: HttpRequest) -> bool:
    session = getattr(request, "session", None)
    return bool(getattr(session, "accessed", False) or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"))


def _unless_unchanged(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
