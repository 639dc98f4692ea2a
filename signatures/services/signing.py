"""Signing: a member's one click, and a visitor's request that the mailbox confirms."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q

from accounts.models import User
from lib.address import domain_of
from lib.retry import retried
from petitions.models import Petition
from signatures import consents, emails, identity
from signatures.models import Signature, State
from signatures.services import caps, statements, suspecting

CAN_BE_CONFIRMED = (State.PENDING, State.WITHDRAWN)
# So often a signature that others move at this very moment is looked at anew.
AGAIN = 5


class Outcome(StrEnum):
    """What became of a wish to sign, in terms that a page can show."""

    SIGNED = "signed"
    HELD = "held"
    ALREADY = "already"
    CLOSED = "closed"
    REMOVED = "removed"
    BLOCKED = "blocked"
    GONE = "gone"


@dataclass(frozen=True)
class Choices:
    """What a person says with the signature."""

    name: str
    reason: str = ""
    public: bool = False
    updates: bool = False


@dataclass(frozen=True)
class Origin:
    """Where a request came from, as little of it as is needed, and why somebody should look at it."""

    network: bytes | None = None
    suspicion: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Answer:
    """What became of it, and the signature that this person has on the petition, where there is one."""

    outcome: Outcome
    signature: int | None = None


@retried
def sign(*, petition: Petition, user: User, choices: Choices, origin: Origin) -> Answer:
    """Sign as a member: counted at once; a request of the same mailbox that still waits is confirmed by it.

    The first statement is nearly always the only one, so there is no transaction around it.
    """
    if not user.is_active:
        return Answer(Outcome.BLOCKED)
    values = _values(petition.pk, user.email, choices, origin) | {"user": user.pk, "trusted": True}
    written = statements.sign(values)
    if written.is_open and not written.signature_id and not _earlier(values):
        # What stood in the way went at this very moment: its mailbox said that it never asked.
        written = statements.sign(values)
    if written.signature_id:
        return Answer(Outcome.SIGNED, written.signature_id)
    earlier = _earlier(values)
    return _settled(earlier, values) if earlier else Answer(Outcome.CLOSED)


def _settled(signature_id: int, values: dict[str, Any]) -> Answer:
    try:
        with transaction.atomic():
            return settle(signature_id, values)
    except IntegrityError:
        # The account has signed at this very moment, under another of its addresses; now that can be seen.
        return settle(signature_id, values)


def _earlier(values: dict[str, Any]) -> int | None:
    """Return what keeps this person from a new signature: the account's own row first, else the mailbox's."""
    whose = Q(user=values["user"]) | Q(identity_hash=values["identity"])
    is_own: Any = ExpressionWrapper(Q(user=values["user"], user__isnull=False), output_field=BooleanField())
    rows = Signature.objects.filter(whose, petition=values["petition"]).order_by(is_own.desc(), "pk")
    return rows.values_list("pk", flat=True).first()


def settle(signature_id: int, values: dict[str, Any], *, again: int = AGAIN) -> Answer:
    """Confirm this signature, or the account's own, for its proven person; or say how things stand with it.

    The database refuses where the same account signs at this very moment under another of its addresses.
    """
    written = statements.confirm({**values, "signature": signature_id})
    if written.state:
        return Answer(outcome_of(State(written.state), new=True), written.signature_id)
    of_theirs = Q(pk=signature_id) | Q(petition=values["petition"], user=values["user"])
    rows = Signature.objects.filter(of_theirs).values_list("pk", "state", "user")
    found = sorted(rows, key=lambda row: row[2] != values["user"])
    if not found:
        return Answer(Outcome.GONE)
    pk, state, user = found[0]
    if written.is_open and state in CAN_BE_CONFIRMED and again:
        # It was withdrawn, or its withdrawal undone, between the two statements; nothing else stands in the way.
        return settle(signature_id, values, again=again - 1)
    return Answer(outcome_of(State(state), new=False), pk if user == values["user"] else None)


def outcome_of(state: State, *, new: bool) -> Outcome:
    """Say how things stand with a signature in this state, which was written just now or found."""
    if state == State.CONFIRMED:
        return Outcome.SIGNED if new else Outcome.ALREADY
    return {State.REMOVED: Outcome.REMOVED, State.HELD: Outcome.HELD}.get(state, Outcome.CLOSED)


@retried
@transaction.atomic
def ask(*, petition: Petition, email: str, choices: Choices, origin: Origin, request_key: UUID) -> bool:
    """Keep a visitor's request and write to the mailbox; False only where the petition can't be signed.

    Whoever asks learns nothing of the address: known and unknown ones run through the same statements and get one
    mail each, within the caps. The same request key is answered once.
    """
    values = _values(petition.pk, email, choices, origin)
    values |= {
        "asked": json.dumps(vars(choices)),
        "address": identity.address_hash(email),
        "crowd": suspecting.CROWD,
    }
    caps.line_up(values["address"])
    asked = statements.ask(values)
    if not asked.is_open:
        return False
    if asked.may_mail and emails.answer(
        asked, email=email, language=origin.language, request_key=request_key
    ):
        caps.count(petition=petition.pk, address=values["address"])
    return True


def _values(petition: int, email: str, choices: Choices, origin: Origin) -> dict[str, Any]:
    return {
        **vars(choices),
        **vars(origin),
        **consents.wording(origin.language),
        "petition": petition,
        "identity": identity.identity_hash(petition, email),
        "email": email,
        "domain": domain_of(email),
    }
