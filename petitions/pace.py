"""How long decisions take, measured on the latest ones: moderators and starters are told the same."""

from datetime import timedelta
from statistics import median

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from petitions.models import Transition
from petitions.states import State

# The latest decisions tell how long the next one takes; older ones were another team's.
LATEST = 100
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def median_wait() -> timedelta | None:
    """Return how long half of the latest decisions took at most; None where nothing was decided yet."""
    earlier = Transition.objects.filter(
        petition=OuterRef("petition"), target=State.SUBMITTED, pk__lt=OuterRef("pk")
    )
    sent = Subquery(earlier.order_by("-at", "-pk").values("at")[:1])
    decided = Transition.objects.filter(source=State.SUBMITTED).order_by("-pk")
    waits = decided.annotate(waited=F("at") - sent).values_list("waited", flat=True)[:LATEST]
    known = [wait for wait in waits if wait is not None]
    return median(known) if known else None


def in_words(wait: timedelta) -> str:
    """Return a wait as people say it: in hours up to a day and a half, then in days."""
    if wait < HOUR:
        return _("less than an hour")
    if wait < 1.5 * DAY:
        hours = round(wait / HOUR)
        return ngettext("about %(count)d hour", "about %(count)d hours", hours) % {"count": hours}
    days = round(wait / DAY)
    return ngettext("about %(count)d day", "about %(count)d days", days) % {"count": days}
