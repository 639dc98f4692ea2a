"""What beat starts in this room."""

from celery import shared_task

from petitions.services import alerting, closing


@shared_task(name="petitions.tasks.close_due")
def close_due() -> None:
    """Close petitions whose time is up."""
    closing.close_due()


@shared_task(name="petitions.tasks.alert_moderators")
def alert_moderators() -> None:
    """Tell moderators what came in since they last heard."""
    alerting.alert_moderators()
