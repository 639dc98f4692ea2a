"""Handing over: who may, what may be handed over, and what comes of it."""

from dataclasses import replace

import pytest

from accounts.models import User
from outbox.models import Message
from petitions.models import Petition, Reason, Topic, Transition
from petitions.services import correcting, drafting, handover, moderation, recording
from petitions.services.moderation import Stale
from petitions.states import NotAllowed, State
from tests.conftest import verdict
from tests.petitions.admin.conftest import fresh, imported


def hand_over(petition: Petition, member: User, by: User, **said: object) -> Transition | None:
    """Hand the petition over as it is now."""
    return handover.hand_over(petition=petition, member=member, verdict=verdict(petition, by, **said))


@pytest.mark.parametrize("who", ["bob", "mallory", "sue"])
def test_it_obeys_administrators_only(request, carol, who):
    petition = imported()
    with pytest.raises(NotAllowed, match="may not hand"):
        hand_over(petition, carol, request.getfixturevalue(who))
    assert fresh(petition).starter is None


def test_what_a_member_started_is_theirs(make_petition, carol, admin_person):
    with pytest.raises(NotAllowed, match="belongs to somebody"):
        hand_over(make_petition(), carol, admin_person)


def test_an_article_goes_back_with_a_reason_or_not_at_all(carol, admin_person, reason):
    petition = imported(state=State.SUBMITTED, needs_ask=True)
    with pytest.raises(NotAllowed, match="reason"):
        hand_over(petition, carol, admin_person)
    assert fresh(petition).starter is None
    move = hand_over(petition, carol, admin_person, reasons=[reason])
    assert (move.target, move.actor) == (State.CHANGES_REQUESTED, admin_person)


def test_the_member_adds_the_ask_and_it_can_be_approved(carol, admin_person, bob, reason):
    petition = imported(state=State.SUBMITTED, needs_ask=True)
    hand_over(petition, carol, admin_person, reasons=[reason])
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
    assert hand_over(petition, carol, admin_person) is None
    assert (fresh(petition).state, fresh(petition).starter) == (State.SUBMITTED, carol)


def test_it_finds_members_by_a_proven_address_in_any_case(carol):
    assert handover.member_with("CAROL@Example.org") == carol
    assert handover.member_with("nobody@example.org") is None


def test_what_was_decided_meanwhile_is_not_handed_over(carol, admin_person, bob, reason):
    petition = imported(state=State.SUBMITTED, needs_ask=True)
    seen = verdict(petition, admin_person, reasons=[reason])
    moderation.reject(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    with pytest.raises(Stale, match="Rejected"):
        handover.hand_over(petition=petition, member=carol, verdict=seen)
    assert fresh(petition).starter is None


def test_what_was_corrected_meanwhile_is_read_first(carol, admin_person):
    petition = imported(state=State.SUBMITTED)
    seen = verdict(petition, admin_person)
    correcting.correct(petition=petition, administrator=admin_person, correction={"decision_maker": None})
    with pytest.raises(Stale, match="text has changed"):
        handover.hand_over(petition=petition, member=carol, verdict=seen)
    assert fresh(petition).starter is None


@pytest.mark.parametrize(
    ("which", "why"), [({"active": False}, "no longer given"), ({"hides": True}, "hides the text")]
)
def test_the_reasons_are_such_that_a_member_can_do_something(carol, admin_person, reason, which, why):
    Reason.objects.filter(pk=reason.pk).update(**which)
    petition, reason = imported(state=State.SUBMITTED, needs_ask=True), Reason.objects.get(pk=reason.pk)
    with pytest.raises(NotAllowed, match=why):
        hand_over(petition, carol, admin_person, reasons=[reason])
    assert fresh(petition).starter is None
    assert not Message.objects.exists()


@pytest.mark.parametrize("words", ["reasons", "note_to_starter"])
def test_nothing_is_written_to_who_is_sent_nothing(carol, admin_person, reason, words):
    petition = imported()
    said = {"reasons": [reason]} if words == "reasons" else {"note_to_starter": "Look after it."}
    with pytest.raises(NotAllowed, match="no reasons and no note"):
        hand_over(petition, carol, admin_person, **said)
    assert fresh(petition).starter is None


def test_a_closed_account_gets_nothing(carol, admin_person):
    carol.is_active = False
    carol.save()
    with pytest.raises(NotAllowed, match="closed"):
        hand_over(imported(), carol, admin_person)


def test_what_fails_is_not_on_record(carol, admin_person):
    petition = imported(state=State.SUBMITTED, needs_ask=True)
    with pytest.raises(NotAllowed):
        hand_over(petition, carol, admin_person)
    assert not recording.recorded(petition).exists()
