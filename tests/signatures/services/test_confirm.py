"""The button behind the link: the mailbox is proven, the signature counts."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from petitions.models import Petition
from petitions.services import closing, moderation
from signatures import consents
from signatures.models import Signature, State
from signatures.services import statements, withdrawing
from signatures.services.signing import Outcome
from tests.conftest import verdict
from tests.signatures import moderating
from tests.signatures.counts import age, deltas, end, only, shown

DORA = "Dora@example.org"


@pytest.fixture
def pending(petition, ask):
    ask(DORA, name="Dora", reason="Typed")
    return only(petition)


def test_it_counts_and_makes_the_account(petition, pending, confirm):
    assert confirm(pending, name="Dora D.", reason="Proven", public=True, updates=True) == Outcome.SIGNED
    signature = only(petition)
    assert (signature.state, signature.name, signature.reason) == (State.CONFIRMED, "Dora D.", "Proven")
    assert (signature.public, signature.updates, signature.asked) == (True, True, None)
    assert (signature.user.email, signature.user.name) == ("dora@example.org", "Dora D.")
    assert (deltas(petition), shown(petition)) == ([1], 1)


def test_the_account_is_proven_and_has_no_password(petition, pending, confirm):
    confirm(pending)
    user = User.objects.get(email="dora@example.org")
    assert not user.has_usable_password()
    assert EmailAddress.objects.filter(user=user, email=user.email, verified=True, primary=True).exists()


def test_it_pins_wording_and_consent_of_that_moment(petition, pending, confirm, monkeypatch):
    monkeypatch.setattr(consents, "VERSION", "later")
    confirm(pending)
    signature = only(petition)
    assert (signature.consent.version, signature.version) == ("later", petition.version)


def test_the_link_twice_counts_once(petition, pending, confirm):
    assert [confirm(pending), confirm(pending)] == [Outcome.SIGNED, Outcome.ALREADY]
    assert deltas(petition) == [1]


def test_it_finds_the_account_of_the_address(petition, carol, ask, confirm):
    ask(carol.email.upper())
    assert confirm(only(petition)) == Outcome.SIGNED
    assert only(petition).user == carol
    assert not User.objects.filter(email__startswith="CAROL").exists()


def test_it_finds_the_account_by_a_second_proven_address(petition, carol, ask, confirm):
    EmailAddress.objects.create(user=carol, email="second@example.org", verified=True)
    ask("second@example.org")
    confirm(only(petition))
    assert (only(petition).user, only(petition).email) == (carol, "second@example.org")


def test_an_account_signs_once_whichever_address(petition, carol, sign, ask, confirm):
    sign(carol)
    EmailAddress.objects.create(user=carol, email="second@example.org", verified=True)
    ask("second@example.org")
    second = Signature.objects.get(email="second@example.org")
    assert confirm(second) == Outcome.ALREADY
    assert (shown(petition), Signature.objects.get(pk=second.pk).state) == (1, State.PENDING)


def test_an_account_that_withdrew_signs_again_by_any_address(petition, carol, sign, ask, confirm):
    sign(carol)
    withdrawing.withdraw(signature=only(petition))
    EmailAddress.objects.create(user=carol, email="second@example.org", verified=True)
    ask("second@example.org")
    assert confirm(Signature.objects.get(email="second@example.org"), reason="Again") == Outcome.SIGNED
    own = Signature.objects.get(user=carol)
    assert (own.state, own.reason, own.email, shown(petition)) == ("confirmed", "Again", carol.email, 1)


def test_a_suspicious_request_is_held_and_told_so(petition, ask, confirm):
    ask(DORA, suspicion="honeypot")
    assert [confirm(only(petition)), confirm(only(petition))] == [Outcome.HELD, Outcome.HELD]
    signature = only(petition)
    assert (signature.state, signature.user.email) == (State.HELD, "dora@example.org")
    assert (deltas(petition), shown(petition)) == ([], 0)


def test_a_removed_one_stays_removed(petition, pending, confirm):
    confirm(pending)
    moderating.remove(signature=pending)
    assert confirm(pending) == Outcome.REMOVED
    assert shown(petition) == 0


def test_an_old_link_after_withdrawal_signs_again(petition, pending, confirm):
    confirm(pending)
    first = only(petition).confirmed_at
    withdrawing.withdraw(signature=pending)
    assert confirm(pending, reason="Again") == Outcome.SIGNED
    signature = only(petition)
    assert (signature.reason, signature.confirmed_at > first, deltas(petition)) == ("Again", True, [1, -1, 1])


def test_nothing_suspects_what_was_proven_once(petition, pending, ask, confirm):
    confirm(pending)
    withdrawing.withdraw(signature=pending)
    ask(DORA, suspicion="haste")
    assert confirm(pending) == Outcome.SIGNED


def test_a_disowned_request_is_gone(petition, pending, confirm):
    assert withdrawing.disown(signature=pending) is True
    assert confirm(pending) == Outcome.GONE
    assert not User.objects.filter(email="dora@example.org").exists()


def test_what_was_asked_in_time_is_confirmed_within_a_day(petition, alice, pending, confirm):
    closing.close(petition=petition, starter=alice)
    Petition.objects.filter(pk=petition.pk).update(closed_at=F("closed_at") - timedelta(hours=23))
    age(pending, timedelta(hours=23, minutes=1))
    assert confirm(pending) == Outcome.SIGNED
    assert shown(petition) == 1


@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "time is up"])
def test_after_that_day_it_is_too_late(petition, alice, pending, confirm, is_closed):
    age(pending, timedelta(hours=25))
    if is_closed:
        closing.close(petition=petition, starter=alice)
        Petition.objects.filter(pk=petition.pk).update(closed_at=F("closed_at") - timedelta(hours=24))
    else:
        end(petition, timedelta(hours=24))
    assert confirm(pending) == Outcome.CLOSED
    assert (only(petition).state, shown(petition)) == (State.PENDING, 0)
    assert not User.objects.filter(email="dora@example.org").exists()


def test_time_that_is_up_is_an_end_before_anybody_closes(petition, pending, confirm):
    age(pending, timedelta(hours=2))
    end(petition, timedelta(hours=1))
    assert confirm(pending) == Outcome.SIGNED


def test_the_earlier_of_two_ends_counts(petition, alice, pending, confirm):
    """A petition that was to run for weeks is closed by hand: the day after begins there."""
    Petition.objects.filter(pk=petition.pk).update(closes_at=Now() + timedelta(days=30))
    closing.close(petition=petition, starter=alice)
    age(pending, timedelta(hours=25))
    Petition.objects.filter(pk=petition.pk).update(closed_at=F("closed_at") - timedelta(hours=24))
    assert confirm(pending) == Outcome.CLOSED


def test_the_day_after_is_not_for_what_was_withdrawn(petition, alice, pending, confirm):
    confirm(pending)
    withdrawing.withdraw(signature=pending)
    closing.close(petition=petition, starter=alice)
    assert confirm(pending) == Outcome.CLOSED
    assert only(petition).state == State.WITHDRAWN


def test_a_petition_that_was_taken_down_gets_none(petition, bob, reason, pending, confirm):
    moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    assert confirm(pending) == Outcome.CLOSED


def test_who_was_deactivated_cannot_sign(petition, mallory, ask, confirm):
    User.objects.filter(pk=mallory.pk).update(is_active=False)
    ask(mallory.email)
    assert confirm(only(petition)) == Outcome.BLOCKED
    assert (only(petition).state, shown(petition)) == (State.PENDING, 0)


def test_a_race_with_the_account_s_own_click_is_already_signed(carol, ask, confirm, sign, monkeypatch):
    """The click comes between our look for the account’s own row and our statement; the constraint tells."""
    EmailAddress.objects.create(user=carol, email="second@example.org", verified=True)
    ask("second@example.org")
    pending, real = Signature.objects.get(), statements.confirm

    def after_the_click(values):
        sign(carol)
        return real(values)

    monkeypatch.setattr(statements, "confirm", after_the_click)
    assert confirm(pending) == Outcome.ALREADY
    monkeypatch.setattr(statements, "confirm", real)
    assert Signature.objects.get(pk=pending.pk).state == State.PENDING


def test_the_database_refuses_a_second_row_of_an_account(petition, carol, sign):
    sign(carol)
    row = only(petition)
    row.pk, row.identity_hash = None, b"x" * 32
    with pytest.raises(IntegrityError):
        row.save()


def test_two_petitions_of_one_new_person_are_one_account(petition, make_petition, pending, ask, confirm):
    other = make_petition(title="Plant trees at the bus station")
    ask(DORA, petition=other)
    confirm(pending)
    confirm(only(other))
    assert only(other).user == only(petition).user == User.objects.get(email="dora@example.org")
