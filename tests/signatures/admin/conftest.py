"""The desk as it is for signatures: who sits at it, and signatures in every state."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from accounts.models import User
from lib.address import domain_of
from petitions import counting
from petitions.models import Petition
from signatures import consents, identity
from signatures.models import Signature, State
from signatures.services import signing
from signatures.services.signing import Choices, Origin
from tests.conftest import person
from tests.signatures import moderating

LIST = "/admin/signatures/signature/"
FITS = {
    "release": State.HELD,
    "remove": State.CONFIRMED,
    "undo-removal": State.REMOVED,
    "hide-reason": State.CONFIRMED,
    "show-reason": State.CONFIRMED,
}


@pytest.fixture
def sam(db: None) -> User:
    """Staff without a group."""
    return person("sam@example.org", "Sam Staff", is_staff=True)


@pytest.fixture
def sue(db: None) -> User:
    """A senior moderator."""
    return moderating.sue()


@pytest.fixture
def client_as(request: pytest.FixtureRequest, client_of: Callable[[User], Client]) -> Callable[[str], Client]:
    people = {
        "member": "carol",
        "staff": "sam",
        "moderator": "bob",
        "senior": "sue",
        "administrator": "admin_person",
    }
    return lambda role: client_of(request.getfixturevalue(people[role])) if role in people else Client()


@pytest.fixture
def bobs(bob: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(bob)


@pytest.fixture
def sues(sue: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(sue)


@pytest.fixture
def petition(make_petition: Callable[..., Petition]) -> Petition:
    return make_petition()


@pytest.fixture
def signature_of(petition: Petition) -> Callable[..., Signature]:
    """Return a maker of signatures; `name` says whose, `state` how it stands, other fields are as given."""

    def make(name: str = "Carol Singer", state: State = State.CONFIRMED, **fields: Any) -> Signature:
        under = fields.pop("petition", petition)
        email = fields.pop("email", f"{name.split(maxsplit=1)[0].lower()}@example.net")
        user = User.objects.filter(email=email).first() or person(email, name)
        if state == State.REMOVED:
            signature = make(name, petition=under, email=email, **fields)
            moderating.remove(signature=signature)
        elif state == State.CONFIRMED:
            choices = Choices(name, fields.pop("reason", ""), fields.pop("public", False))
            signing.sign(petition=under, user=user, choices=choices, origin=Origin(**fields))
        else:
            _write(under, user, state, email=email, name=name, **fields)
        return Signature.objects.get(petition=under, email=email)

    return make


def _write(petition: Petition, user: User, state: State, **fields: Any) -> None:
    proven = {} if state == State.PENDING else {"user": user, "confirmed_at": Now()}
    Signature.objects.create(
        petition=petition,
        version=petition.version,
        consent=consents.current("en"),
        state=state,
        identity_hash=identity.identity_hash(petition.pk, fields["email"]),
        email_domain=domain_of(fields["email"]),
        **proven,
        **fields,
    )


def fitting(code: str, signature_of: Callable[..., Signature]) -> Signature:
    """Make a signature for which a decision makes sense."""
    signature = signature_of(state=FITS[code], reason="My reason is mine.")
    if code == "show-reason":
        Signature.objects.filter(pk=signature.pk).update(reason_hidden_at=Now())
    return signature


def detail(signature: Signature) -> str:
    return reverse("admin:signatures_signature_change", args=[signature.pk])


def decide(signature: Signature, code: str) -> str:
    return reverse("admin:signatures_signature_decide", args=[signature.pk, code])


def yes(why: str = "It was a bot.") -> dict[str, str]:
    return {"confirmed": "yes", "why": why, "kind": "made-up"}


def count_of(petition: Petition) -> int:
    """Return the exact count: tally and open deltas."""
    progress = counting.progress_of(petition.slug)
    return progress.signatures if progress else -1


def facts(signature: Signature) -> tuple[str, bool]:
    """Return what a decision can change, as the database has it."""
    row = Signature.objects.get(pk=signature.pk)
    return row.state, row.reason_hidden_at is not None


@pytest.fixture
def permission(db: None) -> Callable[[str], Permission]:
    """Return a finder of this room's permissions."""
    return lambda code: Permission.objects.get(content_type__app_label="signatures", codename=code)
