"""What people may change about a signature that stands: whether its name shows, why they signed, mails."""

from django.db import transaction
from django.db.models.functions import Now

from lib.retry import retried
from signatures.models import Signature, State

_STANDING = (State.CONFIRMED, State.HELD)


@retried
@transaction.atomic
def choose(*, signature: Signature, reason: str, public: bool, updates: bool) -> bool:
    """Keep these choices; False when the signature does not stand any more. A hidden reason stays hidden."""
    standing = Signature.objects.filter(pk=signature.pk, state__in=_STANDING)
    standing.exclude(updates=updates).update(updates=updates, changed_at=Now())
    return bool(standing.update(reason=reason, public=public))


@retried
def unsubscribe(*, signature: Signature) -> bool:
    """Send its person no more bulk mail about this petition; False when that was so already."""
    wanting = Signature.objects.filter(pk=signature.pk, updates=True)
    return bool(wanting.update(updates=False, changed_at=Now()))
