"""The admin's door: staff only, and with a second factor where the operator demands it."""

import pytest
from django.test import Client

from lib import desk
from lib.registry import Registry

ADMIN, LOGIN = "/admin/", "/admin/login/"


@pytest.fixture
def demanded(settings):
    settings.STAFF_MFA_REQUIRED = True


def test_it_sends_visitors_to_the_sign_in(client, db):
    assert client.get(ADMIN).url == f"{LOGIN}?next={ADMIN}"
    assert client.get(f"{LOGIN}?next={ADMIN}").url == "/accounts/login/?next=%2Fadmin%2F"


def test_it_refuses_members(client_of, mallory):
    client = client_of(mallory)
    assert client.get(ADMIN).status_code == 302
    assert client.get(LOGIN).status_code == 403
    assert client.post(LOGIN, {"username": mallory.email, "password": "x"}).status_code == 403


def test_it_opens_without_a_factor_where_none_is_demanded(client_of, bob, settings):
    settings.STAFF_MFA_REQUIRED = False
    assert client_of(bob).get(ADMIN).status_code == 200


def test_it_asks_staff_to_add_a_factor(client_of, bob, demanded):
    client = client_of(bob)
    assert client.get(ADMIN).url == f"{LOGIN}?next={ADMIN}"
    assert client.get(f"{LOGIN}?next={ADMIN}").url == "/accounts/2fa/"
    assert "second factor" in client.get("/accounts/2fa/").content.decode()


def test_it_asks_to_show_the_factor_and_opens(client_of, bob, demanded, authenticator):
    app, client = authenticator(bob), client_of(bob)
    door = client.get(f"{LOGIN}?next={ADMIN}").url
    assert door == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"
    assert client.post(door, {"code": app.code()}).url == ADMIN
    assert client.get(ADMIN).status_code == 200


def test_it_opens_after_signing_in_with_the_factor(bob, demanded, authenticator, mailbox):
    app, client = authenticator(bob), Client()
    client.post("/accounts/login/", {"login": bob.email, "next": ADMIN})
    client.post("/accounts/login/code/confirm/", {"code": mailbox(bob.email).code(), "next": ADMIN})
    assert client.get(ADMIN).status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": app.code()})
    assert client.get(ADMIN).status_code == 200


def test_it_takes_a_passkey_for_both(client_of, bob, demanded, passkey):
    client = client_of(bob)
    passkey(client, bob)
    assert client.get(ADMIN).status_code == 200


def test_it_closes_when_the_factor_is_gone(client_of, bob, demanded, passkey):
    client = client_of(bob)
    passkey(client, bob)
    bob.authenticator_set.all().delete()
    assert client.get(ADMIN).status_code == 302


def test_it_guards_every_page_behind_it(client_of, admin_person, demanded):
    client = client_of(admin_person)
    for url in ("/admin/accounts/user/", "/admin/accounts/user/add/", "/admin/jsi18n/"):
        assert client.get(url).url.startswith(LOGIN)


def test_it_leads_to_no_other_site(client_of, bob, settings):
    settings.STAFF_MFA_REQUIRED = False
    assert client_of(bob).get(f"{LOGIN}?next=https://evil.example/").url == ADMIN


def test_it_speaks_the_persons_language(client_of, bob, settings):
    settings.STAFF_MFA_REQUIRED = False
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    bob.language = "de"
    bob.save()
    assert 'lang="de"' in client_of(bob).get(ADMIN).content.decode()


def test_it_changes_passwords_where_everybody_does(client_of, bob, settings):
    settings.STAFF_MFA_REQUIRED = False
    assert client_of(bob).get("/admin/password_change/").url == "/accounts/password/change/"


def test_it_shows_what_waits_to_those_who_may_see_it(client_of, bob, admin_person, settings, monkeypatch):
    settings.STAFF_MFA_REQUIRED = False
    waiting = desk.Waiting("petitions", 3, None, "/x/")
    monkeypatch.setattr(desk, "_lists", Registry())
    desk.register("petitions", lambda: waiting, permission="auth.add_group")
    assert client_of(bob).get(ADMIN).context["desk"] == []
    assert client_of(admin_person).get(ADMIN).context["desk"] == [waiting]
