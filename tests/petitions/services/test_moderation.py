"""Deciding: the rules hold whoever calls, page or no page."""

from collections import Counter

import pytest

from outbox.models import Message
from petitions.models import SearchEntry
from petitions.services import moderation
from petitions.services.moderation import _MOVES, Decision
from petitions.states import TRANSITIONS, Actor, NotAllowed, State
from tests.petitions.admin.conftest import fresh, imported


def test_every_move_of_a_moderator_belongs_to_one_decision():
    moves = Counter(move for decision in Decision for move in _MOVES[decision])
    theirs = [move for move, rule in TRANSITIONS.items() if Actor.MODERATOR in rule.actors]
    assert moves == Counter(theirs)


@pytest.mark.parametrize(
    ("state", "decisions"),
    [
        (State.SUBMITTED, [Decision.APPROVE, Decision.REQUEST_CHANGES, Decision.REJECT]),
        (State.PUBLISHED, [Decision.TAKE_DOWN]),
        (State.CLOSED, [Decision.TAKE_DOWN]),
        (State.VICTORY, [Decision.TAKE_DOWN]),
        (State.REMOVED, [Decision.RESTORE]),
        (State.DRAFT, []),
        (State.CHANGES_REQUESTED, []),
        (State.REJECTED, []),
    ],
)
def test_it_knows_what_can_be_decided(make_petition, state, decisions):
    assert moderation.possible(make_petition(state)) == decisions


@pytest.mark.parametrize("who", ["carol", "mallory"])
def test_it_obeys_moderators_only(make_petition, request, who):
    petition = make_petition(State.SUBMITTED)
    with pytest.raises(NotAllowed, match="may not decide"):
        moderation.approve(
            petition=petition, version=petition.version, moderator=request.getfixturevalue(who)
        )
    assert fresh(petition).state == State.SUBMITTED


@pytest.mark.parametrize("lost", ["is_staff", "is_active"])
def test_it_does_not_obey_who_has_left(make_petition, bob, lost):
    petition = make_petition(State.SUBMITTED)
    setattr(bob, lost, False)
    with pytest.raises(NotAllowed, match="may not decide"):
        moderation.approve(petition=petition, version=petition.version, moderator=bob)


def test_nobody_decides_on_their_own(make_petition, bob, reason):
    petition = make_petition(State.SUBMITTED, starter=bob)
    with pytest.raises(NotAllowed, match="another moderator"):
        moderation.reject(petition=petition, version=petition.version, moderator=bob, reasons=[reason])


@pytest.mark.parametrize("decide", [moderation.request_changes, moderation.reject])
def test_a_refusal_has_a_reason(make_petition, bob, decide):
    petition = make_petition(State.SUBMITTED)
    with pytest.raises(NotAllowed, match="reason"):
        decide(petition=petition, version=petition.version, moderator=bob, reasons=[])
    assert not Message.objects.filter(kind__in=["petition-rejected", "petition-changes-requested"]).exists()


def test_a_removal_has_a_reason(make_petition, bob):
    with pytest.raises(NotAllowed, match="reason"):
        moderation.take_down(petition=make_petition(State.PUBLISHED), moderator=bob, reasons=[])


def test_it_approves_the_version_that_was_read(make_petition, bob):
    petition = make_petition(State.SUBMITTED)
    older = petition.version
    petition.versions.create(number=2, title="Another")
    type(petition).objects.filter(pk=petition.pk).update(version=petition.versions.get(number=2))
    with pytest.raises(moderation.Stale, match="text has changed"):
        moderation.approve(petition=petition, version=older, moderator=bob)


@pytest.mark.parametrize("seen", [State.CLOSED, State.VICTORY])
def test_taking_down_holds_to_the_state_that_was_seen(make_petition, bob, reason, seen):
    petition = make_petition(State.PUBLISHED)
    with pytest.raises(moderation.Stale, match="Published"):
        moderation.take_down(petition=petition, moderator=bob, reasons=[reason], state=seen)


def test_what_is_published_is_found_and_what_is_taken_down_is_not(make_petition, bob, reason):
    petition = make_petition(State.PUBLISHED)
    assert SearchEntry.objects.filter(petition=petition).exists()
    moderation.take_down(petition=petition, moderator=bob, reasons=[reason])
    assert not SearchEntry.objects.filter(petition=petition).exists()
    moderation.restore(petition=petition, moderator=bob)
    assert SearchEntry.objects.filter(petition=petition).exists()


def test_only_what_is_taken_down_is_restored(make_petition, bob):
    with pytest.raises(moderation.Stale, match="Rejected"):
        moderation.restore(petition=make_petition(State.REJECTED), moderator=bob)


def test_it_is_restored_from_the_latest_removal(make_petition, bob, reason, alice):
    petition = make_petition(State.PUBLISHED)
    moderation.take_down(petition=petition, moderator=bob, reasons=[reason])
    moderation.restore(petition=petition, moderator=bob)
    type(petition).objects.filter(pk=petition.pk).update(state=State.VICTORY)
    moderation.take_down(petition=petition, moderator=bob, reasons=[reason])
    moderation.restore(petition=petition, moderator=bob)
    assert fresh(petition).state == State.VICTORY


def test_an_imported_one_has_nobody_to_change_it(bob, reason):
    petition = imported(state=State.SUBMITTED)
    with pytest.raises(NotAllowed, match="nobody who could change"):
        moderation.request_changes(
            petition=petition, version=petition.version, moderator=bob, reasons=[reason]
        )


def test_an_article_without_an_ask_is_not_approved(bob):
    petition = imported(state=State.SUBMITTED, needs_ask=True)
    with pytest.raises(NotAllowed, match="asks for"):
        moderation.approve(petition=petition, version=petition.version, moderator=bob)


def test_the_internal_note_is_in_no_mail(make_petition, bob, reason):
    petition = make_petition(State.SUBMITTED)
    moderation.reject(
        petition=petition,
        version=petition.version,
        moderator=bob,
        reasons=[reason],
        internal_note="Between us",
    )
    assert "Between us" not in str(Message.objects.get(kind="petition-rejected").context)
