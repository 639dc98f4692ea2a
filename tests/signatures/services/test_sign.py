"""A member’s one click, and everything that may stand in its way."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from petitions.models import Delta, Petition
from petitions.services import closing
from petitions.states import State as PetitionState
from signatures import consents
from signatures.models import Signature, State
from signatures.services import statements, withdrawing
from signatures.services.signing import Outcome
from tests.conftest import person
from tests.signatures import moderating
from tests.signatures.counts import deltas, end, only, recount, shown


def test_it_counts_at_once(petition, carol, sign):
    assert sign(carol, reason="My way home", public=True, updates=True) == Outcome.SIGNED
    signature = only(petition)
    assert (signature.state, signature.user, signature.email) == (State.CONFIRMED, carol, carol.email)
    assert (signature.reason, signature.public, signature.updates) == ("My way home", True, True)
    assert signature.confirmed_at == signature.asked_at == signature.changed_at
    assert (deltas(petition), shown(petition)) == ([1], 1)


def test_it_keeps_the_wording_and_the_consent(petition, carol, sign):
    sign(carol)
    signature = only(petition)
    assert signature.version == petition.version
    assert (signature.consent.version, signature.consent.text) == (consents.VERSION, consents.text())
    assert bytes(signature.identity_hash) != b""
    assert len(bytes(signature.identity_hash)) == 32


def test_a_second_click_changes_nothing(petition, carol, sign):
    sign(carol)
    assert sign(carol, reason="Again") == Outcome.ALREADY
    assert (only(petition).reason, deltas(petition)) == ("", [1])


def test_two_people_are_two(petition, carol, mallory, sign):
    assert {sign(carol), sign(mallory)} == {Outcome.SIGNED}
    assert shown(petition) == recount(petition) == 2


def test_one_person_signs_two_petitions(petition, make_petition, carol, sign):
    other = make_petition(title="Plant trees at the bus station")
    assert {sign(carol), sign(carol, petition=other)} == {Outcome.SIGNED}
    first, second = Signature.objects.order_by("pk").values_list("identity_hash", flat=True)
    assert bytes(first) != bytes(second)


def test_it_confirms_a_request_of_the_same_mailbox(petition, carol, ask, sign):
    ask("Carol@example.org", reason="From the form")
    assert sign(carol, reason="From the panel") == Outcome.SIGNED
    signature = only(petition)
    assert (signature.state, signature.user, signature.reason) == (State.CONFIRMED, carol, "From the panel")
    assert (signature.asked, signature.email, deltas(petition)) == (None, carol.email, [1])


def test_a_member_is_not_suspected_for_what_somebody_typed(petition, carol, ask, sign):
    ask(carol.email, suspicion="honeypot")
    assert sign(carol) == Outcome.SIGNED
    assert only(petition).state == State.CONFIRMED


@pytest.mark.parametrize("state", [s for s in PetitionState if s != PetitionState.PUBLISHED])
def test_only_a_published_petition_is_signed(make_petition, carol, sign, state):
    petition = make_petition(state)
    assert sign(carol, petition=petition) == Outcome.CLOSED
    assert not Signature.objects.exists()


def test_nobody_signs_once_the_time_is_up(petition, carol, sign):
    end(petition, timedelta(seconds=0))
    assert sign(carol) == Outcome.CLOSED
    assert deltas(petition) == []


def test_everybody_signs_until_then(petition, carol, sign):
    Petition.objects.filter(pk=petition.pk).update(closes_at=Now() + timedelta(minutes=1))
    assert sign(carol) == Outcome.SIGNED


def test_signing_again_renews_wording_consent_and_words(petition, carol, sign, monkeypatch):
    sign(carol, reason="Old", updates=True)
    withdrawing.withdraw(signature=only(petition))
    before = only(petition)
    monkeypatch.setattr(consents, "VERSION", "later")
    assert sign(carol, reason="New") == Outcome.SIGNED
    after = only(petition)
    assert (after.consent.version, after.reason, after.updates) == ("later", "New", False)
    assert after.confirmed_at > before.confirmed_at
    assert (after.withdrawn_at, deltas(petition), shown(petition)) == (None, [1, -1, 1], 1)


def test_nobody_signs_again_after_the_end(petition, carol, sign):
    sign(carol)
    withdrawing.withdraw(signature=only(petition))
    end(petition, timedelta(seconds=0))
    assert sign(carol) == Outcome.CLOSED
    assert only(petition).state == State.WITHDRAWN


def test_after_the_end_who_has_signed_is_told_so(petition, alice, carol, sign):
    sign(carol)
    closing.close(petition=petition, starter=alice)
    assert sign(carol) == Outcome.ALREADY


def test_a_removed_one_stays_removed(petition, carol, sign):
    sign(carol)
    moderating.remove(signature=only(petition))
    assert sign(carol) == Outcome.REMOVED
    assert (only(petition).state, shown(petition)) == (State.REMOVED, 0)


def test_a_held_one_is_told_so(petition, carol, ask, confirm, sign):
    ask(carol.email, suspicion="haste")
    confirm(only(petition))
    assert sign(carol) == Outcome.HELD
    assert shown(petition) == 0


def test_who_was_deactivated_cannot_sign(petition, carol, sign):
    carol.is_active = False
    assert sign(carol) == Outcome.BLOCKED
    assert not Signature.objects.exists()


def test_the_same_mailbox_in_another_account_is_one_person(petition, sign):
    first, second = person("carol@gmail.com", "Carol"), person("ca.rol@googlemail.com", "Carol")
    assert [sign(first), sign(second)] == [Outcome.SIGNED, Outcome.ALREADY]
    assert only(petition).user == first


def test_the_mailbox_may_sign_again_from_its_other_account(petition, sign):
    first, second = person("carol@gmail.com", "Carol"), person("ca.rol@googlemail.com", "Carol")
    sign(first)
    withdrawing.withdraw(signature=only(petition))
    assert sign(second) == Outcome.SIGNED
    assert only(petition).user == second


def test_a_changed_address_does_not_sign_twice(petition, carol, ask, sign):
    """By the account and by the mailbox two rows may stand in the way: the account's own one decides."""
    sign(carol)
    ask("carol@new.example")
    carol.email = "carol@new.example"
    assert sign(carol) == Outcome.ALREADY
    withdrawing.withdraw(signature=Signature.objects.get(user=carol))
    assert sign(carol) == Outcome.SIGNED
    assert {s.state for s in Signature.objects.all()} == {State.CONFIRMED, State.PENDING}
    assert shown(petition) == recount(petition) == 1


def test_it_inserts_after_what_stood_in_the_way_has_gone(petition, carol, ask, sign, monkeypatch):
    """Between the refused insert and the look at what refused it, the mailbox disowns the request."""
    ask(carol.email)
    real, calls = statements.sign, []

    def then_disowned(values):
        written = real(values)
        if not calls:
            withdrawing.disown(signature=only(petition))
        calls.append(written)
        return written

    monkeypatch.setattr(statements, "sign", then_disowned)
    assert sign(carol) == Outcome.SIGNED
    assert len(calls) == 2


def test_it_reads_again_what_was_confirmed_meanwhile(carol, ask, sign, confirm, monkeypatch):
    ask(carol.email)
    real = statements.confirm

    def after_the_link(values):
        monkeypatch.setattr(statements, "confirm", real)
        confirm(Signature.objects.get())
        return real(values)

    monkeypatch.setattr(statements, "confirm", after_the_link)
    assert sign(carol) == Outcome.ALREADY
    assert Delta.objects.count() == 1


def test_it_signs_again_what_was_withdrawn_at_this_very_moment(petition, carol, sign, monkeypatch):
    sign(carol)
    confirm = statements.confirm

    def confirm_and_let_it_be_withdrawn(values):
        written = confirm(values)
        monkeypatch.setattr(statements, "confirm", confirm)
        statements.move(values["signature"], source=State.CONFIRMED, target=State.WITHDRAWN)
        return written

    monkeypatch.setattr(statements, "confirm", confirm_and_let_it_be_withdrawn)
    assert sign(carol, reason="Again") == Outcome.SIGNED
    assert (only(petition).reason, deltas(petition)) == ("Again", [1, -1, 1])
