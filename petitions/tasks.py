"""What beat starts in this room."""

from celery import shared_task

from petitions.services import alerting, auditing, closing


@shared_task(name="petitions.tasks.close_due")
def close_due() -> None:
    """Close petitions whose time is up."""
    closing.close_due()


@shared_task(name="petitions.tasks.alert_moderators")
def alert_moderators() -> None:
    """Tell moderators what came in since they last heard."""
    alerting.alert_moderators()


# Acknowledged when it begins and longer than others: it may read for minutes, and a second one would do nothing.
@shared_task(name="petitions.tasks.audit", acks_late=False, soft_time_limit=3000, time_limit=3060)
def audit() -> None:
    """Prove the promises, once a day."""
    auditing.audit_today()
