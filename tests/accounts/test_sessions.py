"""Who is signed in is read anew with each request: whatever ends a session ends it at once."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.sessions import SessionStore

PROFILE = "/accounts/profile/"


@pytest.fixture
def alices(client_of, alice):
    client = client_of(alice)
    # As allauth notes it of everybody who signs in.
    UserSession.objects.create(session_key=client.session.session_key, user=alice, ip="198.51.100.7")
    assert is_in(client)
    return client


def is_in(client):
    return client.get(PROFILE).status_code == 200


def statements_of(client):
    with CaptureQueriesContext(connection) as asked:
        client.get("/accounts/corner/")
    return [each["sql"].partition(" (")[0] for each in asked]


def test_it_asks_once_and_writes_nothing(alices):
    assert statements_of(alices) == ["EXECUTE session"]


def test_a_session_that_allauth_does_not_know_is_one_all_the_same(alices):
    UserSession.objects.all().delete()
    assert statements_of(alices) == ["EXECUTE session", "EXECUTE person"]
    assert is_in(alices)


def test_the_session_itself_says_whose_it_is(alices, alice, mallory):
    UserSession.objects.update(user=mallory)
    assert statements_of(alices) == ["EXECUTE session", "EXECUTE person"]
    assert "alice@example.org" in alices.get("/accounts/email/").content.decode()


def test_who_is_deactivated_is_out_at_once(alices):
    User.objects.update(is_active=False)
    assert not is_in(alices)


def test_who_is_gone_is_out(alices, alice):
    alice.delete()
    assert not is_in(alices)


def test_another_password_ends_every_session(alices, alice):
    alice.set_password("a-new-password-1")
    alice.save()
    assert not is_in(alices)


def test_what_has_run_out_counts_no_more(alices):
    Session.objects.update(expire_date=F("expire_date") - timedelta(days=15))
    assert not is_in(alices)


def test_signing_out_ends_it_on_the_server(alices):
    copy, key = Client(), alices.session.session_key
    copy.cookies.update(alices.cookies)
    assert is_in(copy)
    alices.post("/accounts/logout/")
    assert not is_in(copy)
    assert not Session.objects.filter(pk=key).exists()


def test_one_that_is_ended_from_elsewhere_is_ended(alices, alice):
    UserSession.objects.get(user=alice).end()
    assert not is_in(alices)


def test_what_nobody_signed_in_with_is_nobody(db):
    client = Client()
    client.cookies["sessionid"] = "x" * 32
    assert not is_in(client)


def test_a_row_that_was_tampered_with_says_nothing(alices):
    Session.objects.update(session_data="eyJfYXV0aF91c2VyX2lkIjoiMSJ9:1:forged")
    assert not is_in(alices)


def test_it_reads_what_django_s_own_store_wrote_and_the_other_way_round(db):
    ours = SessionStore()
    ours["what"] = "kept"
    ours.save()
    theirs = SessionStore.__base__(ours.session_key)
    assert theirs["what"] == "kept"
    theirs["what"] = "changed"
    theirs.save()
    assert SessionStore(ours.session_key)["what"] == "changed"


def test_signing_in_changes_the_key(client, alice):
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": alice.email})
    before = client.session.session_key
    client.force_login(alice)
    assert client.session.session_key != before
