"""What the beat starts for accounts; each task finds its work in the database."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

from accounts import services
from lib import clock


@shared_task
def sweep_unverified() -> int:
    """Remove sign-ups that nobody completed."""
    return services.remove_unverified(now=clock.now())


@shared_task
def sweep_sessions() -> None:
    """Remove sessions that have run out; Django leaves them lying."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
