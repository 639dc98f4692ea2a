"""Whose request is it: one rule for limits, for allauth and for the network hash."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 - a shared bucket for requests without an address, nothing is bound to it


def client_ip(request: HttpRequest) -> str:
    """Return the client's address: the n-th entry from the right of X-Forwarded-For for n trusted proxies,
    else the peer's, else one shared bucket. It never raises: a limit must not turn into an error.
    """
    proxies: int = settings.TRUSTED_PROXY_COUNT
    peer = request.META.get("REMOTE_ADDR", "")
    if not proxies:
        return _valid(peer)
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return _valid(hops[-proxies].strip() if len(hops) >= proxies else peer)


def _valid(address: str) -> str:
    try:
        return str(ip_address(address))
    except ValueError:
        return UNKNOWN
