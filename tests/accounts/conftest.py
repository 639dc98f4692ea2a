"""What the account tests share: the mailbox as rows, a code typed from it, a second factor."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as RECORDS_OF,
)
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from accounts.models import User
from outbox.models import Message


class Mailbox:
    """The mails to one address, as the outbox has them."""

    def __init__(self, address: str) -> None:
        self.address = address

    def kinds(self) -> list[str]:
        return list(
            Message.objects.filter(to_address=self.address).order_by("pk").values_list("kind", flat=True)
        )

    def last(self) -> Message:
        return Message.objects.filter(to_address=self.address).latest("pk")

    def code(self) -> str:
        return str(self.last().context["code"])


@pytest.fixture
def mailbox(db: None) -> Callable[[str], Mailbox]:
    return Mailbox


@pytest.fixture
def sign_in(mailbox: Callable[[str], Mailbox]) -> Callable[[User], Client]:
    """Return a way to sign in as a person does: address, code from the mail."""

    def by_code(user: User) -> Client:
        client = Client()
        client.post("/accounts/login/", {"login": user.email})
        client.post("/accounts/login/code/confirm/", {"code": mailbox(user.email).code()})
        assert client.session["_auth_user_id"] == str(user.pk)
        return client

    return by_code


@pytest.fixture
def later(settings: object) -> Callable[[Client, int], None]:
    """Return a way to let minutes pass since a session's last proof."""

    def grow_old(client: Client, minutes: int) -> None:
        session = client.session
        session[RECORDS] = [{**record, "at": record["at"] - 60 * minutes} for record in session[RECORDS]]
        session.save()

    return grow_old


@pytest.fixture
def records() -> Callable[[Client], list[dict[str, object]]]:
    """Return a way to read what a session has proven."""
    return lambda client: client.session.get(RECORDS, [])


class App:
    """An authenticator app in somebody's hand."""

    def __init__(self, user: User) -> None:
        self.secret = generate_totp_secret()
        TOTP.activate(user, self.secret)

    def code(self) -> str:
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // 30))


@pytest.fixture
def authenticator(db: None) -> Callable[[User], App]:
    return App


@pytest.fixture
def passkey(db: None) -> Callable[[Client, User], None]:
    """Return a way to have signed in with a passkey: the row and the session's record, without a browser."""

    def used(client: Client, user: User) -> None:
        key = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
        session = client.session
        record = {"method": "mfa", "at": time.time(), "id": key.pk, "type": "webauthn", "passwordless": True}
        session[RECORDS], session[RECORDS_OF] = [record], str(user.pk)
        session.save()

    return used


TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture
def page() -> Callable[[bytes], str]:
    """Return a way to compare pages: without what differs from answer to answer."""
    return lambda content: TOKEN.sub("", content.decode())
