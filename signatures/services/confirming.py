"""Confirming: the mailbox is proven, so there may be an account, and the signature counts."""

from django.db import IntegrityError, transaction

from accounts.services import prove
from lib.prepared import Prepared
from lib.retry import retried
from signatures import consents
from signatures.models import WAITING, Signature, State
from signatures.services.signing import Answer, Choices, Outcome, outcome_of, settle

_READ = Prepared(
    "asked", "SELECT petition_id, state, email FROM signatures_signature WHERE id = %(signature)s::bigint"
)


@retried
def confirm(*, signature: Signature, choices: Choices, language: str) -> Answer:
    """Count the signature under what its person has said on the confirming page, or say how things stand."""
    try:
        return _confirm(signature.pk, choices, language)
    except IntegrityError:
        # The same account has signed at this very moment, under another of its addresses; now that can be seen.
        return _confirm(signature.pk, choices, language)


@transaction.atomic
def _confirm(signature_id: int, choices: Choices, language: str) -> Answer:
    petition, state, email = _READ.row({"signature": signature_id}) or (None, None, None)
    if petition is None:
        return Answer(Outcome.GONE)
    if state not in WAITING:
        return Answer(outcome_of(State(state), new=False))
    answer = _count(signature_id, petition, email, choices, language)
    if answer.outcome not in {Outcome.SIGNED, Outcome.HELD}:
        # No account is made, and none taken over, for a signature that does not come about.
        transaction.set_rollback(True)
    return answer


def _count(signature_id: int, petition: int, email: str, choices: Choices, language: str) -> Answer:
    user = prove(email=email, name=choices.name, language=language)
    if not user.is_active:
        return Answer(Outcome.BLOCKED)
    values = {
        **vars(choices),
        **consents.wording(language),
        "petition": petition,
        "user": user.pk,
        "email": email,
        "trusted": False,
    }
    return settle(signature_id, values)
