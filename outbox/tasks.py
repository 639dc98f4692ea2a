"""What Celery runs; the rows say what is to be done, so each task may run twice or not at all."""

from celery import shared_task

from outbox import doorbell, forgetting, pausing
from outbox.claiming import longest_wait
from outbox.delivery import deliver
from outbox.models import Beat, Lane


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
    """Ring for each lane in which mail may leave: lost doorbells, second tries, leases of the dead, probes."""
    probing = pausing.is_probe_due()
    for lane in Lane:
        if longest_wait(lane, probing=probing) is not None:
            doorbell.ring(lane)


@shared_task(name="outbox.tasks.beat")
def beat() -> None:
    """Note that beat, broker and worker are alive."""
    Beat.stamp()


@shared_task(name="outbox.tasks.forget")
def forget() -> None:
    """Take addresses and values out of old mails, and delete what nothing asks for any more."""
    forgetting.forget_old()
