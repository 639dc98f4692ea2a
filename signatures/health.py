"""What readiness asks of this room: is the roll-up keeping up."""

from datetime import timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max
from django.db.models.functions import Now

from lib.health import Reading
from petitions.models import Delta

# It runs every second: so long a wait means that beat, broker or worker is away.
LAG_ALARM = timedelta(seconds=15)


def read_roll_up() -> Reading:
    """Report how long the oldest change of a count has waited for the roll-up, and how many wait."""
    age = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    waiting = Delta.objects.aggregate(lag=Max(age), open=Count("pk"))
    lag: timedelta = waiting["lag"] or timedelta()
    figures = {"lag_seconds": round(lag.total_seconds()), "open_changes": waiting["open"]}
    return Reading(ok=lag < LAG_ALARM, figures={**figures})
