"""Headers that every answer carries, made once."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

# `data:` pictures are Bootstrap's ticks and arrows and the second factor's QR code; nothing else is let in.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
CONSTANT = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class ConstantHeaders:
    """Middleware that adds the headers an answer does not set for itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request with the constant headers on it."""
        response = self.get_response(request)
        for name, value in CONSTANT.items():
            response.headers.setdefault(name, value)
        return response
