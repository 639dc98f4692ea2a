"""What the beat starts for accounts; each task finds its work in the database."""

from celery import shared_task

from accounts import services
from lib import clock


@shared_task
def sweep_unverified() -> int:
    """Remove sign-ups that nobody completed."""
    return services.remove_unverified(now=clock.now())


@shared_task
def sweep_sessions() -> int:
    """Remove sessions that have run out."""
    return services.remove_spent_sessions()
