"""What moderators do to signatures that they have looked at: release, remove, put back; each writes its delta."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from lib.retry import retried
from signatures import roles
from signatures.models import Removal, Signature, Stage, State
from signatures.services import removal_statements, statements


def release(*, signature: Signature, by: User) -> bool:
    """Let a held signature count; False when it is not held any more."""
    roles.require_for(by, roles.RELEASE, signature.petition)
    return statements.move(signature.pk, source=State.HELD, target=State.CONFIRMED)


@retried
@transaction.atomic
def remove(*, signatures: Sequence[Signature], kind: str, note: str, by: User) -> set[int]:
    """Take these out of the count where they count or are held, as one removal; return the numbers of those."""
    roles.require_for(by, roles.REMOVE, *(signature.petition for signature in signatures))
    removal_statements.one_step_at_a_time()
    chosen = Signature.objects.filter(pk__in=[signature.pk for signature in signatures])
    locked = chosen.standing().select_for_update(no_key=True).order_by("pk")
    numbers = list(locked.values_list("pk", "petition"))
    if not numbers:
        return set()
    removal = _by_hand({petition for _number, petition in numbers}, len(numbers), kind, note, by)
    return removal_statements.take([number for number, _petition in numbers], removal)


@retried
@transaction.atomic
def undo_removal(*, signature: Signature, by: User) -> bool:
    """Put a removed signature back to where it was; False when it is not removed any more."""
    roles.require_for(by, roles.REMOVE, signature.petition)
    removal_statements.one_step_at_a_time()
    removal = (
        Removal.objects.filter(removed=signature.pk).select_for_update(no_key=True, of=("self",)).first()
    )
    if removal is None:
        return False
    removal.put_back += len(removal_statements.put_back([signature.pk], removal))
    removal.save(update_fields=["put_back"])
    return True


def _by_hand(petitions: set[int], number: int, kind: str, note: str, by: User) -> Removal:
    """Write the removal of so many locked signatures; of several petitions it belongs to none."""
    return Removal.objects.create(
        petition_id=petitions.pop() if len(petitions) == 1 else None,
        by_hand=True,
        kind=kind,
        note=note,
        made_by=by,
        stage=Stage.DONE,
        counted=number,
        taken=number,
        started_at=Now(),
        ended_at=Now(),
    )
