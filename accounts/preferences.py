"""How a person wants to be spoken to: their language and their time zone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone, translation

from accounts.models import User

View = Callable[..., HttpResponseBase]
Person = User | AnonymousUser | None

# The areas under which people look for their city; the other names are there for old systems.
AREAS = frozenset(
    "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split()  # noqa: SIM905
)


@lru_cache(maxsize=1)
def zone_choices() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """Return the zones to choose from: UTC, then by area."""
    names = sorted(name for name in available_timezones() if name.partition("/")[0] in AREAS)
    areas = groupby(names, key=lambda name: name.partition("/")[0])
    return [("UTC", "UTC"), *((area, [(name, _place(name)) for name in inside]) for area, inside in areas)]


def _place(name: str) -> str:
    return name.partition("/")[2].replace("_", " ").replace("/", ", ")


def zone_of(user: Person) -> ZoneInfo:
    """Return the person's time zone, or the site's for nobody and for a zone that this machine no longer knows."""
    wanted = user.time_zone if isinstance(user, User) else settings.TIME_ZONE
    try:
        return ZoneInfo(wanted)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def known_language(code: str) -> str:
    """Return the language if the site speaks it, else the site's own."""
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@contextmanager
def in_the_terms_of(user: Person) -> Iterator[None]:
    """Speak the person's language and show their time; for nobody, the site's."""
    language = known_language(user.language if isinstance(user, User) else "")
    with translation.override(language), timezone.override(zone_of(user)):
        yield


def own_time(view: View) -> View:
    """Show every date of a personal page in the reader's time zone."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with timezone.override(zone_of(request.user)):
            return rendered(view(request, *args, **kwargs))

    return shown


def rendered(response: HttpResponseBase) -> HttpResponseBase:
    """Return the response with its template filled in now, while the reader's terms hold."""
    return response.render() if isinstance(response, SimpleTemplateResponse) else response
