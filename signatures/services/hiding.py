"""What moderators do to reasons: hide one that breaks the rules, show it again. The signature counts all the same."""

from django.db.models.functions import Now

from accounts.models import User
from signatures import roles
from signatures.models import Signature


def hide_reason(*, signature: Signature, by: User) -> bool:
    """Take the reason off the public page; False when there is none to hide. What replaces it stays hidden too."""
    roles.require_for(by, roles.HIDE, signature.petition)
    shown = Signature.objects.filter(pk=signature.pk).with_reason()
    return bool(shown.update(reason_hidden_at=Now()))


def show_reason(*, signature: Signature, by: User) -> bool:
    """Let a hidden reason be read again; False when it is not hidden any more."""
    roles.require_for(by, roles.HIDE, signature.petition)
    hidden = Signature.objects.filter(pk=signature.pk, reason_hidden_at__isnull=False)
    return bool(hidden.update(reason_hidden_at=None))
