"""An account for whoever has just proven an address, and none for whoever only claimed it."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import services
from accounts.models import User
from accounts.services import prove
from tests.conftest import person
from tests.petitions.racing import at_once, committed

CAROL = "carol@example.org"


def proven(email=CAROL, name="Carol"):
    return prove(email=email, name=name, language="en")


@pytest.fixture
def squatter(db):
    """Return an account that Mallory made with Carol’s address, with everything to come back by."""
    user = User.objects.create_user("Carol@example.org", "mallorys-password", name="Mallory")
    EmailAddress.objects.create(user=user, email=CAROL, primary=False)
    EmailAddress.objects.create(user=user, email="mallory@elsewhere.example", primary=True)
    Authenticator.objects.create(user=user, type="totp", data={})
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session.create()
    UserSession.objects.create(user=user, session_key=session.session_key, ip="192.0.2.1", data={})
    return user


def test_it_makes_an_account(db):
    user = proven("Carol@Example.org")
    assert (user.email, user.name, user.language, user.has_usable_password()) == (CAROL, "Carol", "en", False)
    assert EmailAddress.objects.filter(user=user, email=CAROL, verified=True, primary=True).count() == 1


def test_it_is_made_once(db):
    assert proven() == proven("CAROL@example.org")
    assert User.objects.count() == 1


def test_an_account_in_use_is_left_as_it_is(carol):
    carol.set_password("carols-password")
    carol.save()
    assert proven(name="Somebody") == carol
    carol.refresh_from_db()
    assert (carol.name, carol.check_password("carols-password")) == ("Carol Singer", True)


def test_a_second_proven_address_leads_to_its_account(carol):
    EmailAddress.objects.create(user=carol, email="second@example.org", verified=True)
    assert proven("second@example.org") == carol


def test_a_claimed_account_is_taken_over_clean(squatter):
    assert proven() == squatter
    squatter.refresh_from_db()
    assert (squatter.email, squatter.name, squatter.has_usable_password()) == (CAROL, "Carol", False)
    for left in (Authenticator, UserSession):
        assert not left.objects.exists()
    assert not SessionStore.get_model_class().objects.exists()


def test_no_other_address_leads_into_what_was_taken_over(squatter):
    proven()
    addresses = EmailAddress.objects.values_list("email", "verified", "primary")
    assert list(addresses) == [(CAROL, True, True)]


def test_whoever_claimed_it_is_signed_out(db):
    user = User.objects.create_user(CAROL, "mallorys-password", name="Mallory")
    mallorys = Client()
    mallorys.force_login(user, backend="accounts.backend.Backend")
    proven()
    assert mallorys.get("/accounts/profile/").status_code == 302


def test_a_claim_from_another_account_falls(mallory):
    EmailAddress.objects.create(user=mallory, email=CAROL)
    user = proven()
    assert user != mallory
    assert list(EmailAddress.objects.filter(email=CAROL).values_list("user", flat=True)) == [user.pk]
    assert EmailAddress.objects.filter(user=mallory).count() == 1


def test_an_account_made_at_this_very_moment_is_found(mallory, monkeypatch):
    """Mallory claims the address, so that the account is not made by the first statement."""
    EmailAddress.objects.create(user=mallory, email=CAROL)
    real = services._make

    def too_late(address, name, language):
        monkeypatch.setattr(services, "_make", real)
        person(CAROL, "Carol")
        return real(address, name, language)

    monkeypatch.setattr(services, "_make", too_late)
    assert proven().email == CAROL
    assert User.objects.filter(email=CAROL).count() == 1


@committed
def test_two_who_prove_at_once_are_one_account_and_neither_takes_it_over():
    people = at_once(proven, proven, proven, proven)
    assert len({user.pk for user in people}) == 1
    assert len({user.password for user in people}) == 1
    assert EmailAddress.objects.filter(email=CAROL, verified=True, primary=True).count() == 1


def test_the_database_knows_one_account_for_an_address_in_any_case(carol):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("CAROL@example.org")


def test_who_was_deactivated_stays_so(carol):
    User.objects.update(is_active=False)
    assert proven().is_active is False
