"""Answering a request for changes: so many times, then moderators say yes or no."""

import pytest

from petitions.services import drafting, moderation
from petitions.services.moderation import Decision
from petitions.states import NotAllowed, State
from tests.conftest import verdict
from tests.petitions.admin.conftest import fresh


@pytest.fixture(autouse=True)
def _twice(settings):
    settings.RESUBMISSIONS_MAX = 2


@pytest.fixture
def sent_back(make_petition, alice, bob, reason):
    """Return a petition that was sent in and sent back, and sent again and sent back so many times."""

    def make(returns):
        petition = make_petition(State.CHANGES_REQUESTED)
        for _ in range(returns):
            drafting.submit(petition=petition, starter=alice)
            moderation.request_changes(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
        return petition

    return make


@pytest.mark.parametrize(("returns", "left"), [(0, 2), (1, 1)])
def test_it_says_how_many_returns_are_left(sent_back, returns, left):
    assert drafting.resubmissions_left(sent_back(returns)) == left


def test_moderators_ask_for_nothing_that_can_t_be_answered(sent_back, alice, bob, reason):
    petition = sent_back(1)
    drafting.submit(petition=petition, starter=alice)
    assert drafting.resubmissions_left(petition) == 0
    assert not moderation.may(bob, Decision.REQUEST_CHANGES, fresh(petition))
    with pytest.raises(NotAllowed, match="publish it or reject it"):
        moderation.request_changes(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    assert moderation.may(bob, Decision.APPROVE, fresh(petition))


def test_when_none_is_left_the_text_is_kept(sent_back, alice, settings):
    petition = sent_back(1)
    settings.RESUBMISSIONS_MAX = 1
    with pytest.raises(NotAllowed, match="1 time, and that is as often"):
        drafting.submit(petition=petition, starter=alice)
    assert fresh(petition).state == State.CHANGES_REQUESTED
    assert fresh(petition).title == petition.title
