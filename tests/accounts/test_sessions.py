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
    assert is_in(client)
    return client


def is_in(client):
    return client.get(PROFILE).status_code == 200


def test_it_asks_twice_and_writes_nothing(alices):
    with CaptureQueriesContext(connection) as asked:
        alices.get("/accounts/corner/")
    assert [each["sql"].partition(" (")[0] for each in asked] == ["EXECUTE session", "EXECUTE person"]


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
    key = alices.session.session_key
    UserSession.objects.create(user=alice, session_key=key, ip="192.0.2.1").end()
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
