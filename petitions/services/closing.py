"""How a petition ends: by its starter or by the clock."""

import logging

from django.db import OperationalError, transaction

from accounts.models import User
from lib import faults
from lib.retry import retried
from petitions.models import Petition, Transition
from petitions.services.drafting import insist_on_starter
from petitions.services.moves import locked, move
from petitions.states import Actor, State

logger = logging.getLogger(__name__)

# Each petition that somebody holds may cost some seconds of waiting; the rest is for the next tick.
WAITED_FOR_AT_MOST = 5


@retried
@transaction.atomic
def close(*, petition: Petition, starter: User) -> Transition:
    """End a published petition at its starter's word; page and count stay."""
    petition = locked(petition)
    insist_on_starter(petition, starter)
    return move(petition=petition, target=State.CLOSED, actor=Actor.STARTER, by=starter)


def close_due(*, limit: int = 100) -> int:
    """Close those whose time is up and return how many; signing is refused at that instant even before this runs.

    First those that nobody holds; then the held ones are waited for, because while people still try to sign there may
    be no moment at which nobody holds the petition.
    """
    due = list(
        Petition.objects.due_to_close().order_by("closes_at", "pk").values_list("pk", flat=True)[:limit]
    )
    held = [pk for pk in due if not _close_one(pk, skip_locked=True)]
    closed = len(due) - len(held)
    return closed + sum(_close_held(pk) for pk in held[:WAITED_FOR_AT_MOST])


def _close_held(pk: int) -> bool:
    try:
        return _close_one(pk, skip_locked=False)
    except OperationalError as fault:
        if not faults.is_passing(fault):
            raise
        logger.warning("petition %s is due but held; the next tick closes it", pk)
        return False


@retried
@transaction.atomic
def _close_one(pk: int, *, skip_locked: bool) -> bool:
    still_due = Petition.objects.due_to_close().filter(pk=pk)
    found = still_due.select_for_update(no_key=True, skip_locked=skip_locked).first()
    if found is None:
        return False
    petition = locked(found)
    move(petition=petition, target=State.CLOSED, actor=Actor.CLOCK, by=None)
    # The end is the hour that was announced, however late the beat came round to it.
    petition.closed_at = petition.closes_at
    petition.save(update_fields=["closed_at"])
    return True
