"""What moderators do to signatures, and that undoing it is exact."""

import pytest

from signatures.models import State
from signatures.services import withdrawing
from tests.signatures import moderating
from tests.signatures.counts import deltas, only, recount, shown


@pytest.fixture
def held(petition, ask, confirm):
    ask("dora@example.org", suspicion="haste")
    confirm(only(petition))
    return only(petition)


@pytest.fixture
def confirmed(petition, carol, sign):
    sign(carol)
    return only(petition)


def test_released_it_counts(petition, held):
    assert moderating.release(signature=held) is True
    assert (only(petition).state, deltas(petition), shown(petition)) == (State.CONFIRMED, [1], 1)
    assert only(petition).confirmed_at == held.confirmed_at


def test_it_is_released_once(petition, held):
    moderating.release(signature=held)
    assert moderating.release(signature=held) is False
    assert deltas(petition) == [1]


def test_removed_it_does_not_count(petition, confirmed):
    assert moderating.remove(signature=confirmed) is True
    assert (only(petition).state, only(petition).removed_from) == (State.REMOVED, State.CONFIRMED)
    assert (deltas(petition), shown(petition)) == ([1, -1], 0)


def test_a_held_one_is_removed_without_a_change_of_the_count(petition, held):
    assert moderating.remove(signature=held) is True
    assert (only(petition).removed_from, deltas(petition)) == (State.HELD, [])


@pytest.mark.parametrize("was", ["held", "confirmed"])
def test_undoing_puts_it_back_where_it_was(petition, request, was):
    signature = request.getfixturevalue(was)
    before = shown(petition)
    moderating.remove(signature=signature)
    assert moderating.undo_removal(signature=signature) is True
    assert (only(petition).state, only(petition).removed_from) == (was, "")
    assert shown(petition) == recount(petition) == before


def test_it_is_undone_once(petition, confirmed):
    moderating.remove(signature=confirmed)
    moderating.undo_removal(signature=confirmed)
    assert moderating.undo_removal(signature=confirmed) is False
    assert deltas(petition) == [1, -1, 1]


def test_it_is_removed_once(petition, confirmed):
    moderating.remove(signature=confirmed)
    assert moderating.remove(signature=confirmed) is False
    assert deltas(petition) == [1, -1]


def test_what_was_withdrawn_or_never_proven_is_not_removed(petition, confirmed, ask):
    withdrawing.withdraw(signature=confirmed)
    assert moderating.remove(signature=confirmed) is False


def test_what_is_gone_is_not_removed(petition, ask):
    ask("dora@example.org")
    pending = only(petition)
    withdrawing.disown(signature=pending)
    assert moderating.remove(signature=pending) is False
    assert moderating.undo_removal(signature=pending) is False
