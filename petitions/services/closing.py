"""How a petition ends: by its starter or by the clock."""

from django.db import transaction

from accounts.models import User
from petitions.models import Petition, Transition
from petitions.services.drafting import insist_on_starter
from petitions.services.moves import locked, move
from petitions.states import Actor, State


@transaction.atomic
def close(*, petition: Petition, starter: User) -> Transition:
    """End a published petition at its starter's word; page and count stay."""
    petition = locked(petition)
    insist_on_starter(petition, starter)
    return move(petition=petition, target=State.CLOSED, actor=Actor.STARTER, by=starter)


def close_due(*, limit: int = 100) -> int:
    """Close those whose time is up and return how many; signing is refused at that instant even before this runs."""
    due = Petition.objects.due_to_close().order_by("closes_at", "pk").values_list("pk", flat=True)[:limit]
    return sum(_close_one(pk) for pk in list(due))


@transaction.atomic
def _close_one(pk: int) -> bool:
    still_due = Petition.objects.due_to_close().filter(pk=pk)
    found = still_due.select_for_update(no_key=True, skip_locked=True).first()
    if found is None:
        return False
    petition = locked(found)
    move(petition=petition, target=State.CLOSED, actor=Actor.CLOCK, by=None)
    # The end is the hour that was announced, however late the beat came round to it.
    petition.closed_at = petition.closes_at
    petition.save(update_fields=["closed_at"])
    return True
