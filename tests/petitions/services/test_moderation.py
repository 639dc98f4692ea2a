"""Deciding: the rules hold whoever calls, page or no page."""

from collections import Counter
from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from lib import clock
from outbox.models import Message
from petitions.models import Petition, Reason, SearchEntry, Transition, Version
from petitions.services import closing, moderation
from petitions.services.moderation import _MOVES, Decision
from petitions.states import PUBLIC, TRANSITIONS, Actor, NotAllowed, State
from tests.conftest import verdict
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
        moderation.approve(petition=petition, verdict=verdict(petition, request.getfixturevalue(who)))
    assert fresh(petition).state == State.SUBMITTED


@pytest.mark.parametrize("lost", ["is_staff", "is_active"])
def test_it_does_not_obey_who_has_left(make_petition, bob, lost):
    petition = make_petition(State.SUBMITTED)
    setattr(bob, lost, False)
    with pytest.raises(NotAllowed, match="may not decide"):
        moderation.approve(petition=petition, verdict=verdict(petition, bob))


def test_nobody_decides_on_their_own(make_petition, bob, reason):
    petition = make_petition(State.SUBMITTED, starter=bob)
    with pytest.raises(NotAllowed, match="another moderator"):
        moderation.reject(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))


@pytest.mark.parametrize("decide", [moderation.request_changes, moderation.reject])
def test_a_refusal_has_a_reason(make_petition, bob, decide):
    petition = make_petition(State.SUBMITTED)
    with pytest.raises(NotAllowed, match="reason"):
        decide(petition=petition, verdict=verdict(petition, bob, reasons=[]))
    assert not Message.objects.filter(kind__in=["petition-rejected", "petition-changes-requested"]).exists()


def test_a_removal_has_a_reason(make_petition, bob):
    petition = make_petition(State.PUBLISHED)
    with pytest.raises(NotAllowed, match="reason"):
        moderation.take_down(petition=petition, verdict=verdict(petition, bob))


def test_it_approves_the_version_that_was_read(make_petition, bob):
    petition = make_petition(State.SUBMITTED)
    older = petition.version
    petition.versions.create(number=2, title="Another")
    type(petition).objects.filter(pk=petition.pk).update(version=petition.versions.get(number=2))
    with pytest.raises(moderation.Stale, match="text has changed"):
        moderation.approve(petition=petition, verdict=verdict(petition, bob, version=older))


@pytest.mark.parametrize("seen", [State.CLOSED, State.VICTORY])
def test_taking_down_holds_to_the_state_that_was_seen(make_petition, bob, reason, seen):
    petition = make_petition(State.PUBLISHED)
    with pytest.raises(moderation.Stale, match="Published"):
        moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason], state=seen))


def test_what_is_published_is_found_and_what_is_taken_down_is_not(make_petition, bob, reason):
    petition = make_petition(State.PUBLISHED)
    assert SearchEntry.objects.filter(petition=petition).exists()
    moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    assert not SearchEntry.objects.filter(petition=petition).exists()
    moderation.restore(petition=petition, verdict=verdict(petition, bob))
    assert SearchEntry.objects.filter(petition=petition).exists()


def test_only_what_is_taken_down_is_restored(make_petition, bob):
    petition = make_petition(State.REJECTED)
    with pytest.raises(NotAllowed, match="Rejected"):
        moderation.restore(petition=petition, verdict=verdict(petition, bob))


def test_it_is_restored_from_the_latest_removal(make_petition, bob, reason, alice):
    petition = make_petition(State.PUBLISHED)
    moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    moderation.restore(petition=petition, verdict=verdict(petition, bob))
    type(petition).objects.filter(pk=petition.pk).update(state=State.VICTORY)
    moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    moderation.restore(petition=petition, verdict=verdict(petition, bob))
    assert fresh(petition).state == State.VICTORY


def test_an_imported_one_has_nobody_to_change_it(bob, reason):
    petition = imported(state=State.SUBMITTED)
    with pytest.raises(NotAllowed, match="nobody who could change"):
        moderation.request_changes(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))


def test_an_article_without_an_ask_is_not_approved(bob):
    petition = imported(state=State.SUBMITTED, needs_ask=True)
    with pytest.raises(NotAllowed, match="asks for"):
        moderation.approve(petition=petition, verdict=verdict(petition, bob))


def test_the_internal_note_is_in_no_mail(make_petition, bob, reason):
    petition = make_petition(State.SUBMITTED)
    moderation.reject(
        petition=petition, verdict=verdict(petition, bob, reasons=[reason], internal_note="Between us")
    )
    assert "Between us" not in str(Message.objects.get(kind="petition-rejected").context)


def repeats(petition, bob, other, *codes):
    said = verdict(petition, bob, reasons=Reason.objects.filter(code__in=codes))
    return moderation.reject(petition=petition, verdict=said, duplicate_of=other)


def test_a_duplicate_names_the_other(make_petition, bob):
    other, petition = make_petition(), make_petition(State.SUBMITTED)
    move = repeats(petition, bob, other, "duplicate")
    assert (move.target, move.duplicate_of) == (State.REJECTED, other)
    assert Message.objects.get(kind="petition-rejected").context["other_title"] == other.title


def test_a_published_duplicate_is_taken_down(make_petition, bob):
    other, petition = make_petition(), make_petition()
    said = verdict(petition, bob, reasons=Reason.objects.filter(code="duplicate"))
    assert moderation.take_down(petition=petition, verdict=said, duplicate_of=other).duplicate_of == other


def test_naming_the_other_needs_its_reason(make_petition, bob):
    with pytest.raises(NotAllowed, match="reason for repeated"):
        repeats(make_petition(State.SUBMITTED), bob, make_petition(), "no-clear-ask")


@pytest.mark.parametrize("state", [each for each in State if each not in PUBLIC])
def test_the_other_can_be_read_by_everybody(make_petition, bob, state):
    with pytest.raises(NotAllowed, match="everybody can read"):
        repeats(make_petition(State.SUBMITTED), bob, make_petition(state), "duplicate")


def test_it_does_not_repeat_itself(make_petition, bob):
    petition = make_petition(State.SUBMITTED)
    with pytest.raises(NotAllowed, match="itself"):
        repeats(petition, bob, petition, "duplicate")
    row = Transition(petition=petition, version=petition.version, source="submitted", target="rejected")
    row.duplicate_of = petition
    with pytest.raises(IntegrityError, match="transition_duplicates_another"), transaction.atomic():
        row.save()


def test_a_retired_reason_is_not_given(make_petition, bob, reason):
    petition = make_petition(State.SUBMITTED)
    reason.active = False
    with pytest.raises(NotAllowed, match="no longer given"):
        moderation.reject(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))


def test_an_approval_has_no_reasons(make_petition, bob, reason):
    petition = make_petition(State.SUBMITTED)
    with pytest.raises(NotAllowed, match="refusal"):
        moderation.approve(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))


@pytest.mark.parametrize("version", [None, Version(pk=0)])
def test_no_decision_without_the_version_that_was_shown(make_petition, bob, version):
    petition = make_petition(State.SUBMITTED)
    with pytest.raises(moderation.Stale):
        moderation.approve(petition=petition, verdict=verdict(petition, bob, version=version))


@pytest.mark.parametrize("minutes", [-1, 60])
def test_a_restored_one_has_its_own_period(make_petition, bob, reason, minutes):
    petition = make_petition(State.PUBLISHED)
    ends = clock.now() + timedelta(minutes=minutes)
    Petition.objects.filter(pk=petition.pk).update(closes_at=ends)
    moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    moderation.restore(petition=petition, verdict=verdict(petition, bob))
    now = fresh(petition)
    assert (now.published_at, now.closes_at) == (petition.published_at, ends)
    assert Petition.objects.open().filter(pk=petition.pk).exists() is (minutes > 0)
    assert Message.objects.get(kind="petition-restored").context["is_open"] is (minutes > 0)
    assert closing.close_due() == (minutes < 0)
    assert fresh(petition).closed_at == (ends if minutes < 0 else None)


def test_what_may_be_done_and_why_not_agree(make_petition, bob, alice):
    petition = make_petition(State.SUBMITTED)
    for person, decision in product((bob, alice), Decision):
        sentence = moderation.why_not(person, decision, petition)
        assert moderation.may(person, decision, petition) is (sentence == "")
