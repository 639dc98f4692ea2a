"""What readiness asks of this room: are the roll-up and the announcements keeping up."""

from datetime import timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max
from django.db.models.functions import Now

from lib.health import Reading
from petitions.models import Delta
from signatures.models import SINCE, Announcement

# It runs every second: so long a wait means that beat, broker or worker is away.
LAG_ALARM = timedelta(seconds=15)
# One that is due gets its turn within seconds, unless many are; and a fault of ours puts it off.
ANNOUNCEMENT_ALARM = timedelta(minutes=10)


def read_roll_up() -> Reading:
    """Report how long the oldest change of a count has waited for the roll-up, and how many wait."""
    age = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    waiting = Delta.objects.aggregate(lag=Max(age), open=Count("pk"))
    lag: timedelta = waiting["lag"] or timedelta()
    figures = {"lag_seconds": round(lag.total_seconds()), "open_changes": waiting["open"]}
    return Reading(ok=lag < LAG_ALARM, figures={**figures})


def read_announcements() -> Reading:
    """Report how long the oldest announcement has been due without going on, and how many meet a fault."""
    age = ExpressionWrapper(Now() - F("since"), output_field=DurationField())
    waiting = (
        Announcement.objects.open().annotate(since=SINCE).aggregate(lag=Max(age), stuck=Count("stuck_since"))
    )
    lag: timedelta = max(waiting["lag"] or timedelta(), timedelta())
    figures = {"lag_seconds": round(lag.total_seconds()), "stuck": waiting["stuck"]}
    return Reading(ok=lag < ANNOUNCEMENT_ALARM, figures={**figures})
