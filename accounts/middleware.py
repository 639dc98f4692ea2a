"""Who is signed in is read once for a request; account pages are all or nothing, and nobody keeps a copy of them."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from accounts import backend
from lib.web.public import PRIVATE

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Authentication(AuthenticationMiddleware):
    """Django's middleware; the person it asks for was read together with the session."""

    def process_request(self, request: HttpRequest) -> None:
        """Have the person looked up when somebody asks who it is."""
        super().process_request(request)
        request.user = SimpleLazyObject(partial(_person, request))  # type: ignore[assignment]


def _person(request: HttpRequest) -> Any:
    with backend.beside(request.session):  # type: ignore[arg-type]
        return get_user(request)


@cache
def _root(_language: str | None) -> str:
    """Return where the account pages begin, in the language of the address."""
    return reverse("accounts:index")


class AtomicAccountPages:
    """Middleware that undoes what an account page wrote when its answer is an error.

    allauth writes step by step: with the mail's row refused, a sign-up would leave a person behind who can't sign in.
    A limit that was hit counts as an error too. The session is saved further out, so messages outlive the undoing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer within one transaction; reading opens none, so that the header's corner needs no database."""
        if not request.path.startswith(_root(get_language())):
            return self.get_response(request)
        response = self.get_response(request) if request.method in SAFE_METHODS else self._whole(request)
        response["Cache-Control"] = PRIVATE
        return response

    def _whole(self, request: HttpRequest) -> HttpResponseBase:
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 400:  # noqa: PLR2004 - the least of HTTP's errors
                transaction.set_rollback(True)
        return response
