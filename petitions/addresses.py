"""Where petitions are; a list asks for many addresses at once, and Django takes its time over each."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

_PLACE = "here-it-goes"


def address_of(slug: str) -> str:
    """Return the address of a petition's page in the language in use."""
    return _pattern(get_language(), get_script_prefix()).replace(_PLACE, slug, 1)


@lru_cache(maxsize=64)
def _pattern(_language: str | None, _prefix: str) -> str:
    return reverse("petitions:detail", args=[_PLACE])
