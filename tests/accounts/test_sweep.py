"""Sign-ups that nobody completed go after a week; whoever is somebody stays."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import ProtectedError

from accounts import services, tasks
from accounts.models import User
from lib import clock


def age(user, days):
    User.objects.filter(pk=user.pk).update(date_joined=clock.now() - timedelta(days=days))


@pytest.fixture
def unverified(db):
    user = User.objects.create_user("dora@example.org", None)
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    age(user, 8)
    return user


def test_it_removes_an_old_sign_up(unverified):
    assert tasks.sweep_unverified() == 1
    assert not User.objects.exists()
    assert not EmailAddress.objects.exists()


def test_it_keeps_a_young_one(unverified):
    age(unverified, 6)
    assert tasks.sweep_unverified() == 0


def test_it_keeps_who_proved_an_address(alice):
    age(alice, 100)
    assert tasks.sweep_unverified() == 0


def test_it_keeps_who_signed_in(unverified):
    User.objects.update(last_login=clock.now())
    assert tasks.sweep_unverified() == 0


def test_it_keeps_staff(unverified):
    User.objects.update(is_staff=True)
    assert tasks.sweep_unverified() == 0


def test_it_keeps_who_owns_something_and_goes_on(unverified, monkeypatch):
    other = User.objects.create_user("emil@example.org", None)
    age(other, 8)
    delete = User.delete

    def owned(self, *args, **kwargs):
        if self.pk == unverified.pk:
            raise ProtectedError("starts a petition", {self})
        return delete(self, *args, **kwargs)

    monkeypatch.setattr(User, "delete", owned)
    assert services.remove_unverified(now=clock.now()) == 1
    assert User.objects.get() == unverified


def test_it_keeps_who_starts_a_petition(unverified, make_draft):
    make_draft(starter=unverified)
    assert tasks.sweep_unverified() == 0
    assert User.objects.filter(pk=unverified.pk).exists()


def test_it_removes_sessions_that_have_run_out(client_of, alice):
    client_of(alice)
    Session.objects.update(expire_date=clock.now() - timedelta(days=1))
    tasks.sweep_sessions()
    assert not Session.objects.exists()


def test_sessions_that_ran_out_go_with_what_is_listed_of_them(client_of, alice, carol):
    spent, lasting = client_of(alice).session, client_of(carol).session
    for person, session in ((alice, spent), (carol, lasting)):
        UserSession.objects.create(user=person, session_key=session.session_key, ip="192.0.2.1")
    Session.objects.filter(pk=spent.session_key).update(expire_date=clock.now() - timedelta(days=1))
    assert tasks.sweep_sessions() == 2
    assert [row.user for row in UserSession.objects.all()] == [carol]
    assert Session.objects.filter(pk=lasting.session_key).exists()
