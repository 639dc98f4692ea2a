"""What moderators do to signatures: release, remove, undo; each writes its delta."""

from django.db import transaction

from signatures.models import Signature, State
from signatures.services import statements


def release(*, signature: Signature) -> bool:
    """Let a held signature count; False when it is not held any more."""
    return statements.move(signature.pk, source=State.HELD, target=State.CONFIRMED)


@transaction.atomic
def remove(*, signature: Signature) -> bool:
    """Take a confirmed or held signature out of the count; it keeps where it was, so that undo is exact."""
    current = _locked(signature)
    if current is None or current.state not in {State.CONFIRMED, State.HELD}:
        return False
    return statements.move(current.pk, source=current.state, target=State.REMOVED, removed_from=current.state)


@transaction.atomic
def undo_removal(*, signature: Signature) -> bool:
    """Put a removed signature back to where it was; False when it is not removed any more."""
    current = _locked(signature)
    if current is None or current.state != State.REMOVED:
        return False
    return statements.move(current.pk, source=State.REMOVED, target=current.removed_from)


def _locked(signature: Signature) -> Signature | None:
    return Signature.objects.select_for_update().filter(pk=signature.pk).first()
