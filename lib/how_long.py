"""How long ago something was, as people say it."""

from datetime import datetime, timedelta

from django.utils.timesince import timesince
from django.utils.translation import gettext as _

MINUTE = timedelta(minutes=1)


def how_long(since: datetime, now: datetime) -> str:
    """Return the time between in its largest unit; nobody says “0 minutes”."""
    return timesince(since, now, depth=1) if now - since >= MINUTE else _("less than a minute")
