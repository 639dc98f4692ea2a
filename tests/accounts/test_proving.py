"""Changes that could lock somebody out ask for a proof that is not older than a quarter of an hour."""

import pytest
from django.test import Client

PROVE, SET = "/accounts/prove/", "/accounts/password/set/"
NEW = {"password1": "a bridge over the river", "password2": "a bridge over the river"}
GUARDED = [SET, "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"]


@pytest.fixture
def old(sign_in, alice, later):
    """A session that signed in twenty minutes ago."""
    client = sign_in(alice)
    later(client, 20)
    return client


@pytest.mark.parametrize("url", GUARDED)
def test_it_lets_a_fresh_session_pass(sign_in, alice, url):
    assert sign_in(alice).get(url).status_code == 200


@pytest.mark.parametrize("url", GUARDED)
def test_it_stops_an_old_session(old, url):
    assert old.get(url).url == f"{PROVE}?next={url.replace('/', '%2F')}"
    assert old.post(url, NEW).url.startswith(PROVE)


def test_it_stops_a_session_that_has_proven_nothing(client_of, alice):
    assert client_of(alice).post(SET, NEW).url.startswith(PROVE)
    alice.refresh_from_db()
    assert not alice.has_usable_password()


def test_it_shows_addresses_but_stops_changes(old, alice):
    assert old.get("/accounts/email/").status_code == 200
    answer = old.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    assert answer.url.startswith(PROVE)


def test_it_goes_on_after_the_code(old, alice, mailbox):
    assert (
        old.post(PROVE, {"action": "send", "next": SET}).url
        == f"{PROVE}?next=%2Faccounts%2Fpassword%2Fset%2F"
    )
    assert mailbox(alice.email).kinds()[-1] == "account-proof-code"
    assert old.post(PROVE, {"code": mailbox(alice.email).code(), "next": SET}).url == SET
    assert old.post(SET, NEW).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(NEW["password1"])
    assert mailbox(alice.email).kinds()[-1] == "account-password-set"


def test_it_forgets_the_code_after_three_wrong_ones(old, alice, mailbox):
    old.post(PROVE, {"action": "send"})
    for _ in range(3):
        old.post(PROVE, {"code": "WRONG-CODE"})
    old.post(PROVE, {"code": mailbox(alice.email).code()})
    assert old.get(SET).url.startswith(PROVE)


def test_it_takes_a_code_once(old, alice, mailbox, later):
    old.post(PROVE, {"action": "send"})
    code = mailbox(alice.email).code()
    old.post(PROVE, {"code": code})
    later(old, 20)
    old.post(PROVE, {"code": code})
    assert old.get(SET).url.startswith(PROVE)


def test_it_takes_no_empty_code(old):
    old.post(PROVE, {"code": ""})
    assert old.get(SET).url.startswith(PROVE)


def test_it_sends_nothing_on_get(old, alice, mailbox):
    before = mailbox(alice.email).kinds()
    assert old.get(PROVE).status_code == 200
    assert mailbox(alice.email).kinds() == before


def test_it_limits_the_mails(old, alice, mailbox):
    answers = [old.post(PROVE, {"action": "send"}) for _ in range(4)]
    assert answers[-1].status_code == 429
    assert mailbox(alice.email).kinds().count("account-proof-code") <= 3


def test_it_leads_to_no_other_site(old, alice, mailbox):
    old.post(PROVE, {"action": "send"})
    answer = old.post(PROVE, {"code": mailbox(alice.email).code(), "next": "https://evil.example/"})
    assert "evil" not in answer.url


def test_it_asks_for_the_password_of_those_who_have_one(old, alice):
    alice.set_password("a bridge over the river")
    alice.save()
    client = Client()
    client.post("/accounts/login/", {"login": alice.email, "password": "a bridge over the river"})
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer.url.startswith("/accounts/reauthenticate/")


def test_it_asks_for_the_factor_of_those_who_have_one(old, alice, authenticator):
    authenticator(alice)
    assert old.get(SET).url.startswith("/accounts/2fa/reauthenticate/")


def test_it_is_for_members_only(client, db):
    assert client.get(PROVE).url.startswith("/accounts/login/")
    assert client.get(SET).url.startswith("/accounts/login/")
