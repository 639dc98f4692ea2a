"""What beat starts in this room."""

from celery import shared_task

from signatures import rollup
from signatures.services import announcing, purging, removing_many


@shared_task(name="signatures.tasks.roll_up")
def roll_up() -> None:
    """Move what was signed into the tallies."""
    rollup.roll_up()


@shared_task(name="signatures.tasks.announce")
def announce() -> None:
    """Write the mails of milestones that are due."""
    announcing.announce_due()


@shared_task(name="signatures.tasks.purge")
def purge() -> None:
    """Delete requests that nobody confirmed."""
    purging.purge()


@shared_task(name="signatures.tasks.remove")
def remove() -> None:
    """Go on with the removals that were started, and with those that are being undone."""
    removing_many.carry_on()
