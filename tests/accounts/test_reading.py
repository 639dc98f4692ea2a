"""Reading an account page changes nothing, and every page can be read."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from accounts.models import User
from outbox.models import Message

VISITORS = ["login/", "signup/", "password/reset/", "password/reset/done/", "login/code/", "inactive/"]
MEMBERS = [
    "profile/",
    "email/",
    "password/set/",
    "logout/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
    "sessions/",
    "prove/",
    "corner/",
]


def rows():
    models = (User, EmailAddress, Authenticator, Message)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("page", VISITORS)
def test_a_visitor_changes_nothing_by_reading(client, db, page):
    before = rows()
    assert client.get(f"/accounts/{page}").status_code == 200
    assert rows() == before


@pytest.mark.parametrize("page", MEMBERS)
def test_a_member_changes_nothing_by_reading(sign_in, alice, page):
    client = sign_in(alice)
    before = rows()
    answer = client.get(f"/accounts/{page}")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert rows() == before


def test_dates_are_in_the_readers_time(client_of, alice):
    alice.time_zone = "Asia/Kolkata"
    alice.save()
    client = client_of(alice)
    Authenticator.objects.create(user=alice, type="webauthn", data={"name": "Phone", "credential": {}})
    Authenticator.objects.update(created_at="2026-01-01T20:00:00Z")
    assert "2 Jan 2026" in client.get("/accounts/2fa/webauthn/").content.decode()
