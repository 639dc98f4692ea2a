"""What Celery runs; the rows say what is to be done, so each task may run twice or not at all."""

from celery import shared_task

from outbox import doorbell
from outbox.delivery import deliver
from outbox.models import Beat, Lane, Message


@shared_task(name="outbox.tasks.deliver_urgent")
def deliver_urgent() -> None:
    """Send the urgent mails that wait."""
    deliver([Lane.URGENT])


@shared_task(name="outbox.tasks.deliver_bulk")
def deliver_bulk() -> None:
    """Send bulk mails that wait, and any urgent one that comes in between."""
    deliver([Lane.URGENT, Lane.BULK])


@shared_task(name="outbox.tasks.sweep")
def sweep() -> None:
    """Ring for each lane in which mail waits: lost doorbells, second tries, leases of the dead."""
    for lane in Lane:
        if Message.objects.in_lane(lane).waiting().exists():
            doorbell.ring(lane)


@shared_task(name="outbox.tasks.beat")
def beat() -> None:
    """Note that beat, broker and worker are alive."""
    Beat.stamp()
