"""Signing up: an address, a code from the mail, signed in."""

import pytest
from allauth.account.models import EmailAddress
from django.db import DatabaseError
from django.test import Client

from accounts import emails
from accounts.models import User
from outbox.models import Message

SIGN_UP, CONFIRM = "/accounts/signup/", "/accounts/confirm-email/"
DORA = "dora@example.org"


def start(client, email=DORA, **more):
    return client.post(SIGN_UP, {"email": email, **more})


def test_it_signs_up_by_code(client, mailbox):
    assert start(client, name="  Dora \n Deutsch ").url == CONFIRM
    assert "_auth_user_id" not in client.session
    assert mailbox(DORA).kinds() == ["account-welcome-code"]
    answer = client.post(CONFIRM, {"code": mailbox(DORA).code()})
    assert answer.url == "/petitions/mine/"
    dora = User.objects.get(email=DORA)
    assert client.session["_auth_user_id"] == str(dora.pk)
    assert (dora.name, dora.language, dora.time_zone) == ("Dora Deutsch", "en", "UTC")
    assert not dora.has_usable_password()
    assert EmailAddress.objects.get(user=dora).verified


def test_it_leads_where_the_person_was_going(client, mailbox):
    start(client, next="/petitions/start/")
    assert client.post(CONFIRM, {"code": mailbox(DORA).code()}).url == "/petitions/start/"


def test_it_keeps_the_language_of_the_page(client, mailbox, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    assert client.post("/de/accounts/signup/", {"email": DORA}).status_code == 302
    assert User.objects.get(email=DORA).language == "de"
    assert mailbox(DORA).last().language == "de"


def test_it_counts_as_a_fresh_proof(client, mailbox):
    start(client)
    client.post(CONFIRM, {"code": mailbox(DORA).code()})
    assert client.get("/accounts/password/set/").status_code == 200


def test_it_gives_up_after_three_wrong_codes(client, mailbox):
    start(client)
    code = mailbox(DORA).code()
    for _ in range(3):
        client.post(CONFIRM, {"code": "WRONG-CODE"})
    client.post(CONFIRM, {"code": code})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("name", ["Win at www.win.com", "https://x.y", "Al\u202eice", "me@example.org"])
def test_it_refuses_a_name_that_is_an_advertisement(client, name, db):
    answer = start(client, name=name)
    assert answer.status_code == 200
    assert answer.context["form"].errors["name"]
    assert not User.objects.exists()


def test_it_does_not_tell_whether_an_address_is_known(alice, mailbox, page):
    known, unknown = Client(), Client()
    answers = [start(known, alice.email), start(unknown, "alina@example.org")]
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, CONFIRM)}
    pages = [page(known.get(CONFIRM).content), page(unknown.get(CONFIRM).content)]
    assert pages[0].replace(alice.email, "alina@example.org") == pages[1]
    assert known.cookies.keys() == unknown.cookies.keys()
    assert mailbox(alice.email).kinds() == ["account-already-exists"]
    wrong = [client.post(CONFIRM, {"code": "WRONG-CODE"}) for client in (known, unknown)]
    assert len({answer.status_code for answer in wrong}) == 1


def test_it_writes_nothing_of_the_typed_name_into_the_mail(client, mailbox):
    start(client, name="Buy My Carpets")
    assert "Carpets" not in str(mailbox(DORA).last().context)


def test_it_leaves_nobody_behind_when_the_mail_cannot_be_written(client, db, monkeypatch):
    def refuse(**_):
        raise DatabaseError("the outbox is full")

    monkeypatch.setattr(emails, "post", refuse)
    client.raise_request_exception = False
    assert start(client).status_code == 500
    assert not User.objects.exists()
    assert not EmailAddress.objects.exists()


def test_it_leaves_nobody_behind_when_a_limit_was_hit(client, db, mailbox, monkeypatch):
    start(client)
    User.objects.all().delete()
    Message.objects.all().delete()
    assert start(Client()).status_code == 429
    assert not User.objects.exists()


def test_it_needs_the_token(db):
    assert start(Client(enforce_csrf_checks=True)).status_code == 403
    assert not User.objects.exists()


def test_it_has_a_limit(db):
    answers = [start(Client(), f"dora{n}@example.org") for n in range(21)]
    assert [answer.status_code for answer in answers].count(302) == 20
    assert answers[-1].status_code == 429
    assert b"429" in answers[-1].content
    assert User.objects.count() == 20


def test_it_is_kept_by_nobody(client, db):
    assert client.get(SIGN_UP)["Cache-Control"] == "private, no-store"
