"""Small marks that lists and pages of the admin share."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from petitions.desk import Age


def state_tag(state: str, label: str) -> SafeString:
    """Return a state as a coloured word."""
    return format_html('<span class="state state-{}">{}</span>', state, label)


def age_tag(age: Age) -> SafeString:
    """Return an age; a late one says so in words, not by its colour alone."""
    return format_html('<span class="age {}">{}</span>', age.mark, age.text)
