"""Where a request to sign came from, and what is odd about it. Nobody is refused here, and nobody in silence."""

import time

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from lib import tokens
from lib.client_ip import UNKNOWN, client_ip
from signatures.identity import network_hash
from signatures.models import Suspicion
from signatures.services.signing import Origin

# Nobody reads the form, types an address and agrees in less.
SHORTEST_SECONDS = 2
_STAMP = "signing-form"


def stamp() -> str:
    """Return the present moment, signed, for a form to carry along."""
    return tokens.make(_STAMP, _milliseconds())


def of_member(request: HttpRequest) -> Origin:
    """Return where a member's click comes from; who has proven an address is not suspected."""
    return Origin(network=_network(request), language=language())


def of_visitor(request: HttpRequest, *, carried: str, trap: str) -> Origin:
    """Return where a visitor's request comes from; `carried` is the form's stamp, `trap` what only programs fill in."""
    suspicion = Suspicion.NONE
    if trap:
        suspicion = Suspicion.HONEYPOT
    elif _is_hasty(carried):
        suspicion = Suspicion.HASTE
    return Origin(network=_network(request), suspicion=str(suspicion), language=language())


def language() -> str:
    """Return the language of the page, in which the person agrees and is written to."""
    return get_language() or settings.LANGUAGE_CODE


def _is_hasty(carried: str) -> bool:
    made = tokens.read(_STAMP, carried)
    return made is None or _milliseconds() - int(made) < SHORTEST_SECONDS * 1000


def _milliseconds() -> int:
    return int(time.time() * 1000)


def _network(request: HttpRequest) -> bytes | None:
    address = client_ip(request)
    # Without an address they would all seem to come from one place.
    return None if address == UNKNOWN else network_hash(address)
