"""Handing over: who may, what may be handed over, and what comes of it."""

from dataclasses import replace

import pytest

from petitions.models import Topic
from petitions.services import drafting, handover, moderation
from petitions.states import NotAllowed, State
from tests.conftest import verdict
from tests.petitions.admin.conftest import fresh, imported


@pytest.mark.parametrize("who", ["bob", "mallory"])
def test_it_obeys_administrators_only(request, carol, who):
    petition = imported()
    with pytest.raises(NotAllowed, match="may not hand"):
        handover.hand_over(petition=petition, member=carol, administrator=request.getfixturevalue(who))
    assert fresh(petition).starter is None


def test_what_a_member_started_is_theirs(make_petition, carol, admin_person):
    with pytest.raises(NotAllowed, match="belongs to somebody"):
        handover.hand_over(petition=make_petition(), member=carol, administrator=admin_person)


def test_an_article_goes_back_with_a_reason_or_not_at_all(carol, admin_person, reason):
    petition = imported(state=State.SUBMITTED, needs_ask=True)
    with pytest.raises(NotAllowed, match="reason"):
        handover.hand_over(petition=petition, member=carol, administrator=admin_person)
    assert fresh(petition).starter is None
    move = handover.hand_over(petition=petition, member=carol, administrator=admin_person, reasons=[reason])
    assert (move.target, move.actor) == (State.CHANGES_REQUESTED, admin_person)


def test_the_member_adds_the_ask_and_it_can_be_approved(carol, admin_person, bob, reason):
    petition = imported(state=State.SUBMITTED, needs_ask=True)
    handover.hand_over(petition=petition, member=carol, administrator=admin_person, reasons=[reason])
    with pytest.raises(drafting.Incomplete, match="ask"):
        drafting.submit(petition=petition, starter=carol)
    topic = Topic.objects.get(slug="streets")
    words = replace(drafting.draft_of(fresh(petition)), topic=topic, ask="Open it on Sundays.")
    drafting.revise(petition=petition, draft=words)
    drafting.submit(petition=petition, starter=carol)
    moderation.approve(petition=petition, verdict=verdict(petition, bob))
    assert fresh(petition).state == State.PUBLISHED


def test_one_with_its_ask_stays_in_the_queue(carol, admin_person):
    petition = imported(state=State.SUBMITTED)
    assert handover.hand_over(petition=petition, member=carol, administrator=admin_person) is None
    assert (fresh(petition).state, fresh(petition).starter) == (State.SUBMITTED, carol)


def test_it_finds_members_by_a_proven_address_in_any_case(carol):
    assert handover.member_with("CAROL@Example.org") == carol
    assert handover.member_with("nobody@example.org") is None
