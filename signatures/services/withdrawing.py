"""Taking a signature back: from “my signatures”, or by the link in each mail."""

from lib.retry import retried
from signatures.models import Signature, State
from signatures.services import statements


@retried
def withdraw(*, signature: Signature) -> bool:
    """Withdraw a confirmed signature; False when it does not count any more."""
    return statements.move(signature.pk, source=State.CONFIRMED, target=State.WITHDRAWN)


@retried
def disown(*, signature: Signature) -> bool:
    """Delete a request that its address says it never made; a signature that was proven once stays."""
    deleted, _rows = Signature.objects.filter(pk=signature.pk, state=State.PENDING).delete()
    return bool(deleted)
