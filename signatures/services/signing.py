"""Signing: a member's one click, and a visitor's request that the mailbox confirms."""

import json
from dataclasses import asdict, dataclass, replace
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
from signatures.models import Signature, State, Suspicion
from signatures.services import caps, statements, suspecting

CAN_BE_CONFIRMED = (State.PENDING, State.WITHDRAWN)


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


@retried
@transaction.atomic
def sign(*, petition: Petition, user: User, choices: Choices, origin: Origin) -> Outcome:
    """Sign as a member: counted at once; a request of the same mailbox that still waits is confirmed by it."""
    if not user.is_active:
        return Outcome.BLOCKED
    values = _values(petition, user.email, choices, replace(origin, suspicion=""))
    values |= {"user": user.pk, "state": State.CONFIRMED, "asked": None, "trusted": True}
    written = statements.sign(values)
    if written.is_open and not written.signature_id and not _earlier(values):
        # What stood in the way went at this very moment: its mailbox said that it never asked.
        written = statements.sign(values)
    if written.signature_id:
        return Outcome.SIGNED
    earlier = _earlier(values)
    return settle(earlier, values) if earlier else Outcome.CLOSED


def _earlier(values: dict[str, Any]) -> int | None:
    """Return what keeps this person from a new signature: the account's own row first, else the mailbox's."""
    whose = Q(user=values["user"]) | Q(identity_hash=values["identity"])
    is_own: Any = ExpressionWrapper(Q(user=values["user"], user__isnull=False), output_field=BooleanField())
    rows = Signature.objects.filter(whose, petition=values["petition"]).order_by(is_own.desc(), "pk")
    return rows.values_list("pk", flat=True).first()


def settle(signature_id: int, values: dict[str, Any]) -> Outcome:
    """Confirm this signature for its proven person, or say how things stand with it."""
    try:
        with transaction.atomic():
            written = statements.confirm(values | {"signature": signature_id})
    except IntegrityError:
        # The same account has signed at this very moment, under another of its addresses.
        return Outcome.ALREADY
    if written.state:
        return outcome_of(State(written.state), new=True)
    current = Signature.objects.filter(pk=signature_id).values_list("state", flat=True).first()
    if written.is_open and current in CAN_BE_CONFIRMED:
        # It was withdrawn, or its withdrawal undone, between the two statements; nothing else stands in the way.
        return settle(signature_id, values)
    return outcome_of(State(current), new=False) if current else Outcome.GONE


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
    may_mail = caps.allow(petition=petition, email=email)
    values = _values(petition, email, choices, _judged(petition, origin))
    values |= {"user": None, "state": State.PENDING, "asked": json.dumps(asdict(choices))}
    if not statements.ask(values).is_open:
        return False
    signature = Signature.objects.get(petition=petition, identity_hash=values["identity"])
    if may_mail and emails.answer(
        signature, petition, email=email, language=origin.language, request_key=request_key
    ):
        caps.count(petition=petition, email=email)
    return True


def _judged(petition: Petition, origin: Origin) -> Origin:
    """Add a suspicion where the network asks unusually often; what the form suspected comes first."""
    crowded = suspecting.is_crowded(petition=petition, network=origin.network)
    return replace(origin, suspicion=origin.suspicion or (Suspicion.NETWORK if crowded else Suspicion.NONE))


def _values(petition: Petition, email: str, choices: Choices, origin: Origin) -> dict[str, Any]:
    return {
        **asdict(choices),
        **asdict(origin),
        "petition": petition.pk,
        "consent": consents.current(origin.language).pk,
        "identity": identity.identity_hash(petition.pk, email),
        "email": email,
        "domain": domain_of(email),
    }
