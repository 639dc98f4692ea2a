"""Confirming: the mailbox is proven, so there may be an account, and the signature counts."""

from dataclasses import asdict

from django.db import transaction

from accounts.models import User
from accounts.services import prove
from lib.retry import retried
from signatures import consents
from signatures.models import WAITING, Signature, State
from signatures.services.signing import Choices, Outcome, outcome_of, settle


@retried
@transaction.atomic
def confirm(*, signature: Signature, choices: Choices, language: str) -> Outcome:
    """Count the signature under what its person has said on the confirming page, or say how things stand."""
    current = Signature.objects.filter(pk=signature.pk).first()
    if current is None:
        return Outcome.GONE
    if current.state not in WAITING:
        return outcome_of(State(current.state), new=False)
    with transaction.atomic():
        user = prove(email=current.email, name=choices.name, language=language)
        outcome = _count(current, user, choices, language)
        if outcome not in {Outcome.SIGNED, Outcome.HELD}:
            # No account is made, and none taken over, for a signature that does not come about.
            transaction.set_rollback(True)
    return outcome


def _count(signature: Signature, user: User, choices: Choices, language: str) -> Outcome:
    if not user.is_active:
        return Outcome.BLOCKED
    values = {
        **asdict(choices),
        "petition": signature.petition_id,
        "user": user.pk,
        "email": signature.email,
        "consent": consents.current(language).pk,
        "language": language,
        "trusted": False,
    }
    # The account may have signed under another of its addresses: then that signature is the one to speak of.
    own = Signature.objects.filter(petition=signature.petition_id, user=user).exclude(pk=signature.pk)
    return settle(own.values_list("pk", flat=True).first() or signature.pk, values)
