"""While mail is late, each page that sends people to their mailbox says so, whatever address was typed."""

import pytest
from django.test import Client
from django.urls import reverse

from outbox import pausing

pytestmark = pytest.mark.django_db
LATE = "Our mail is late at the moment."


def signing_up(client, alice):
    return client.post("/accounts/signup/", {"email": "new@example.org"}, follow=True)


def signing_up_again(client, alice):
    return client.post("/accounts/signup/", {"email": alice.email}, follow=True)


def by_code(client, alice):
    return client.post("/accounts/login/code/", {"email": alice.email}, follow=True)


def unknown_by_code(client, alice):
    return client.post("/accounts/login/code/", {"email": "nobody@example.org"}, follow=True)


def new_password(client, alice):
    return client.post("/accounts/password/reset/", {"email": alice.email}, follow=True)


def proving(client, alice):
    client.force_login(alice)
    return client.post(reverse("accounts:prove"), {"action": "send"}, follow=True)


WAYS = [signing_up, signing_up_again, by_code, unknown_by_code, new_password, proving]


@pytest.mark.parametrize("ask", WAYS)
def test_it_says_so_where_somebody_waits_for_a_mail(alice, ask):
    pausing.pause(kind=pausing.EVERYTHING)
    assert LATE in ask(Client(), alice).content.decode()


@pytest.mark.parametrize("ask", WAYS)
def test_it_says_nothing_of_it_otherwise(alice, ask):
    answer = ask(Client(), alice)
    assert answer.status_code == 200
    assert LATE not in answer.content.decode()


def test_a_pause_of_the_mail_to_unknown_addresses_tells_nobody_which_they_are(alice, page):
    pausing.pause(kind="account-unknown")
    pages = [page(ask(Client(), alice).content) for ask in (by_code, unknown_by_code)]
    assert LATE in pages[0]
    assert pages[0].replace(alice.email, "nobody@example.org") == pages[1]
