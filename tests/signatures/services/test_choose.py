"""What people change about a signature that stands."""

import pytest

from signatures.services import choosing, withdrawing
from tests.signatures import moderating
from tests.signatures.counts import deltas, only


@pytest.fixture
def signature(petition, carol, sign):
    sign(carol, reason="Old", updates=True)
    return only(petition)


def choose(signature, **choices):
    return choosing.choose(
        signature=signature, **{"reason": "New", "public": True, "updates": True, **choices}
    )


def test_it_keeps_the_choices_and_counts_nothing(petition, signature):
    assert choose(signature) is True
    after = only(petition)
    assert (after.reason, after.public, after.updates, deltas(petition)) == ("New", True, True, [1])


def test_the_audit_s_clock_moves_for_mails_alone(petition, signature):
    choose(signature)
    assert only(petition).changed_at == signature.changed_at
    choose(signature, updates=False)
    assert only(petition).changed_at > signature.changed_at


def test_a_hidden_reason_stays_hidden(petition, signature):
    moderating.hide_reason(signature=signature)
    choose(signature)
    assert only(petition).reason_hidden_at is not None


@pytest.mark.parametrize("leave", [withdrawing.withdraw, moderating.remove])
def test_what_does_not_stand_is_not_changed(petition, signature, leave):
    leave(signature=signature)
    assert choose(signature, updates=False) is False
    assert (only(petition).reason, only(petition).updates) == ("Old", True)


def test_unsubscribing_ends_the_mails_once(petition, signature):
    assert choosing.unsubscribe(signature=signature) is True
    assert choosing.unsubscribe(signature=signature) is False
    assert only(petition).updates is False


def test_unsubscribing_holds_for_a_withdrawn_one_too(petition, signature):
    withdrawing.withdraw(signature=signature)
    assert choosing.unsubscribe(signature=signature) is True
