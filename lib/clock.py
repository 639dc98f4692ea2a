"""The one place that reads the clock."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Return the present moment in UTC; interfaces call it once and pass the value down."""
    return timezone.now()
