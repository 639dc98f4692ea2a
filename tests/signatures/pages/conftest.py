"""Visitors who fill in the form as their browsers do, and people with a link in their mailbox."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from lib import tokens
from outbox.models import Message
from petitions.models import Petition
from petitions.services import moderation
from signatures import origin
from signatures.emails import CONFIRM, UNSUBSCRIBE, WITHDRAW
from signatures.models import Signature, State, Suspicion
from signatures.services import signing, withdrawing
from signatures.services.signing import Choices, Origin
from tests.conftest import verdict
from tests.signatures import moderating

DORA = {"name": "Dora Maar", "email": "dora@example.org", "consent": "on"}


@pytest.fixture
def sign_url(petition: Petition) -> str:
    return f"{petition.get_absolute_url()}sign/"


def hidden_fields(page: str) -> dict[str, str]:
    """Return what a form carries along unseen."""
    found = BeautifulSoup(page, "html.parser").select("main form input[type=hidden], input#id_homepage")
    return {str(field["name"]): str(field.get("value", "")) for field in found}


@pytest.fixture
def fill_in(sign_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., HttpResponse]:
    """Return a way to open the form, take a person's time, and send it."""

    def fill(client: Client | None = None, *, seconds: float = 10, **fields: Any) -> HttpResponse:
        client = client or Client()
        carried = hidden_fields(client.get(sign_url).content.decode())
        now = time.time()
        monkeypatch.setattr(origin.time, "time", lambda: now + seconds)
        response = client.post(sign_url, {**carried, **DORA, **fields})
        monkeypatch.undo()
        return response

    return fill


@pytest.fixture
def ask(petition: Petition) -> Callable[..., Signature]:
    """Return a way to leave a request to sign through the service."""

    def make(email: str = "dora@example.org", on: Petition | None = None, **fields: Any) -> Signature:
        suspicion = fields.pop("suspicion", Suspicion.NONE)
        choices = Choices(**{"name": "Dora Maar", **fields})
        wanted = on or petition
        signing.ask(
            petition=wanted,
            email=email,
            choices=choices,
            origin=Origin(suspicion=str(suspicion)),
            request_key=uuid4(),
        )
        return Signature.objects.get(petition=wanted, email=email)

    return make


def link(purpose: str, value: object) -> str:
    """Return the path of a signed link."""
    paths = {CONFIRM: "signatures/confirm", WITHDRAW: "signatures/withdraw", UNSUBSCRIBE: "unsubscribe"}
    return f"/{paths.get(purpose, f'signatures/{purpose}')}/{tokens.make(purpose, str(value))}/"


@pytest.fixture
def confirm_url(ask: Callable[..., Signature]) -> str:
    return link(CONFIRM, ask().pk)


@pytest.fixture
def signed(petition: Petition, ask: Callable[..., Signature]) -> Callable[..., Signature]:
    """Return a maker of a signature in any state, moved there as people do."""

    def make(state: State = State.CONFIRMED, email: str = "dora@example.org", **fields: Any) -> Signature:
        suspicion = Suspicion.HASTE if state == State.HELD else Suspicion.NONE
        signature = ask(email, suspicion=suspicion, **fields)
        if state != State.PENDING:
            Client().post(link(CONFIRM, signature.pk))
        if state == State.WITHDRAWN:
            withdrawing.withdraw(signature=signature)
        if state == State.REMOVED:
            moderating.remove(signature=signature)
        signature.refresh_from_db()
        assert signature.state == state
        return signature

    return make


@pytest.fixture
def take_down(petition: Petition, bob: Any, reason: Any) -> Callable[[], None]:
    """Return a way for Bob to take the petition down."""

    def decide() -> None:
        moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))

    return decide


@pytest.fixture
def member_signed(petition: Petition) -> Callable[..., Signature]:
    """Return a way for a member to have signed."""

    def make(user: Any, on: Petition | None = None, **fields: Any) -> Signature:
        choices = Choices(**{"name": user.name, **fields})
        signing.sign(petition=on or petition, user=user, choices=choices, origin=Origin())
        return Signature.objects.get(petition=on or petition, user=user)

    return make


def mails(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("pk"))


def without_tokens(page: str) -> str:
    """Return a page without what differs each time."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r'name="(request_key|stamp)" value="[^"]+"', "", page)


def close_ago(petition: Petition, **ago: float) -> None:
    """Close the petition as if it had been so long ago."""
    at = timezone.now() - timedelta(**ago)
    Petition.objects.filter(pk=petition.pk).update(state="closed", closed_at=at)
