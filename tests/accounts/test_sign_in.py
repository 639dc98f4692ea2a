"""Signing in: by code, by password, and what nobody learns from it."""

import pytest
from django.test import Client

LOGIN, CONFIRM = "/accounts/login/", "/accounts/login/code/confirm/"
PASSWORD = "a bridge over the river"


@pytest.fixture
def alice(alice):
    alice.set_password(PASSWORD)
    alice.save()
    return alice


def is_in(client):
    return "_auth_user_id" in client.session


def test_it_sends_a_code_when_the_password_is_empty(client, alice, mailbox):
    assert client.post(LOGIN, {"login": alice.email, "password": ""}).url == CONFIRM
    assert mailbox(alice.email).kinds() == ["account-login-code"]
    client.post(CONFIRM, {"code": mailbox(alice.email).code().lower().replace("-", "")})
    assert is_in(client)


def test_it_takes_a_password(client, alice, mailbox):
    assert client.post(LOGIN, {"login": alice.email.upper(), "password": PASSWORD}).status_code == 302
    assert is_in(client)
    assert mailbox(alice.email).kinds() == []


def test_it_refuses_a_wrong_password(client, alice, mailbox):
    answer = client.post(LOGIN, {"login": alice.email, "password": "a ferry over the river"})
    assert answer.status_code == 200
    assert not is_in(client)
    assert mailbox(alice.email).kinds() == []


def test_it_refuses_a_code_after_three_wrong_ones(client, alice, mailbox):
    client.post(LOGIN, {"login": alice.email})
    for _ in range(3):
        client.post(CONFIRM, {"code": "WRONG-CODE"})
    client.post(CONFIRM, {"code": mailbox(alice.email).code()})
    assert not is_in(client)


def test_it_refuses_somebody_who_was_put_to_rest(client, alice):
    alice.is_active = False
    alice.save()
    client.post(LOGIN, {"login": alice.email, "password": PASSWORD})
    assert not is_in(client)


def test_it_does_not_tell_whether_an_address_is_known(alice, mailbox, page):
    known, unknown = Client(), Client()
    answers = [known.post(LOGIN, {"login": alice.email}), unknown.post(LOGIN, {"login": "alina@example.org"})]
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, CONFIRM)}
    pages = [page(known.get(CONFIRM).content), page(unknown.get(CONFIRM).content)]
    assert pages[0].replace(alice.email, "alina@example.org") == pages[1]
    assert mailbox("alina@example.org").kinds() == ["account-unknown"]


def test_it_says_the_same_of_a_wrong_password_and_an_unknown_address(alice, page):
    answers = [
        Client().post(LOGIN, {"login": email, "password": "x" * 12})
        for email in (alice.email, "alina@example.org")
    ]
    pages = [page(answer.content) for answer in answers]
    assert pages[0].replace(alice.email, "alina@example.org") == pages[1]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "http://testserver/admin/",
        "javascript:alert(1)",
        "/\\evil.example",
    ],
)
def test_it_leads_to_no_other_site(client, alice, target):
    assert (
        client.post(LOGIN, {"login": alice.email, "password": PASSWORD, "next": target}).url
        == "/petitions/mine/"
    )


def test_it_leads_where_the_person_was_going(client, alice):
    answer = client.post(LOGIN, {"login": alice.email, "password": PASSWORD, "next": "/petitions/start/?x=1"})
    assert answer.url == "/petitions/start/?x=1"


def test_it_needs_the_token(alice):
    client = Client(enforce_csrf_checks=True)
    assert client.post(LOGIN, {"login": alice.email, "password": PASSWORD}).status_code == 403
    assert not is_in(client)


def test_it_has_a_limit(alice):
    answers = [Client().post(LOGIN, {"login": alice.email, "password": "wrong"}) for _ in range(31)]
    assert answers[-1].status_code == 429


def test_it_stops_guessing_at_one_address(alice):
    for _ in range(5):
        Client().post(LOGIN, {"login": alice.email, "password": "wrong"})
    client = Client()
    client.post(LOGIN, {"login": alice.email, "password": PASSWORD})
    assert not is_in(client)


def test_it_limits_codes_to_one_address(client, alice, mailbox):
    for _ in range(5):
        Client().post(LOGIN, {"login": alice.email})
    assert len(mailbox(alice.email).kinds()) == 3


@pytest.mark.parametrize("count", [0, 1, 2])
@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "nonsense"}])
@pytest.mark.parametrize("peer", ["", "127.0.0.1"])
def test_it_never_fails_for_lack_of_an_address(alice, settings, count, headers, peer):
    settings.TRUSTED_PROXY_COUNT = count
    answer = Client(REMOTE_ADDR=peer, headers=headers).post(
        LOGIN, {"login": alice.email, "password": PASSWORD}
    )
    assert answer.status_code == 302


def test_it_signs_out_by_post_only(client_of, alice):
    client = client_of(alice)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_in(client)
    assert client.post("/accounts/logout/").url == "/"
    assert not is_in(client)
