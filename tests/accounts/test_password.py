"""A forgotten password is set anew by a link that works once."""

import pytest
from django.test import Client

RESET = "/accounts/password/reset/"
NEW = "a bridge over the river"


@pytest.fixture
def link(client, alice, mailbox):
    client.post(RESET, {"email": alice.email})
    url = mailbox(alice.email).last().context["password_reset_url"]
    assert url.startswith("http://localhost:8000/accounts/password/reset/key/")
    return url.removeprefix("http://localhost:8000")


def test_it_sets_a_new_password(client, alice, mailbox, link):
    form = client.get(link).url
    assert link not in form
    assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert mailbox(alice.email).kinds() == ["account-password-reset-link", "account-password-reset-done"]


def test_it_works_once(client, alice, link):
    client.post(client.get(link).url, {"password1": NEW, "password2": NEW})
    assert Client().get(link).status_code == 200
    assert "password1" not in Client().get(link).content.decode()


def test_it_signs_nobody_in(client, link):
    client.post(client.get(link).url, {"password1": NEW, "password2": NEW})
    assert "_auth_user_id" not in client.session


def test_it_ignores_the_host_that_the_request_named(alice, mailbox, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    Client(headers={"host": "other.example"}).post(RESET, {"email": alice.email})
    assert mailbox(alice.email).last().context["password_reset_url"].startswith("http://localhost:8000/")


def test_it_does_not_tell_whether_an_address_is_known(alice, mailbox, page):
    known, unknown = Client(), Client()
    answers = [known.post(RESET, {"email": alice.email}), unknown.post(RESET, {"email": "alina@example.org"})]
    assert len({(answer.status_code, answer.url) for answer in answers}) == 1
    pages = [page(client.get(answers[0].url).content) for client in (known, unknown)]
    assert pages[0] == pages[1]
    assert mailbox("alina@example.org").kinds() == ["account-unknown"]


def test_it_refuses_a_weak_password(client, alice, link):
    client.post(client.get(link).url, {"password1": "1234567890", "password2": "1234567890"})
    alice.refresh_from_db()
    assert not alice.has_usable_password()


def test_it_tells_of_a_changed_password(client, alice, mailbox):
    alice.set_password(NEW)
    alice.save()
    client.post("/accounts/login/", {"login": alice.email, "password": NEW})
    later = "a ferry over the river"
    client.post("/accounts/password/change/", {"oldpassword": NEW, "password1": later, "password2": later})
    alice.refresh_from_db()
    assert alice.check_password(later)
    assert mailbox(alice.email).kinds() == ["account-password-changed"]
