"""Objecting: once, in time, by the starter; decided by a senior who did not decide before."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from outbox.models import Message
from petitions.models import Objection, Petition, Transition
from petitions.services import drafting, moderation, objecting
from petitions.services.moderation import Decision, Stale
from petitions.states import PUBLIC, NotAllowed, State
from tests.conftest import staff, verdict
from tests.petitions.admin.conftest import fresh
from tests.petitions.racing import at_once, committed

WHY = "The reason does not fit: we ask one office for one thing."


@pytest.fixture
def refused(make_petition) -> Petition:
    return make_petition(State.REJECTED)


@pytest.fixture
def removed(make_petition) -> Petition:
    return make_petition(State.REMOVED)


@pytest.fixture
def objection(refused, alice) -> Objection:
    return objecting.object_to(petition=refused, author=alice, text=WHY)


def long_ago(days: float) -> None:
    """Let the whole record have been written so many days ago."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE petitions_transition DISABLE TRIGGER transition_append_only")
        for move in Transition.objects.all():
            Transition.objects.filter(pk=move.pk).update(at=move.at - timedelta(days=days))
        cursor.execute("ALTER TABLE petitions_transition ENABLE TRIGGER transition_append_only")


def test_the_starter_objects_and_gets_a_receipt(refused, objection, alice, bob):
    assert (objection.petition, objection.author, objection.first_decider) == (refused, alice, bob)
    assert objection.transition.target == State.REJECTED
    assert fresh(refused).state == State.REJECTED
    assert Message.objects.get(kind="petition-objection-received").to_address == alice.email


@pytest.mark.parametrize("state", [each for each in State if each not in objecting.REFUSALS])
def test_there_must_be_something_to_object_to(make_petition, alice, state):
    petition = make_petition(state)
    assert "no decision" in objecting.obstacle(petition, alice)
    with pytest.raises(NotAllowed, match="no decision"):
        objecting.object_to(petition=petition, author=alice, text=WHY)


@pytest.mark.parametrize("who", ["bob", "mallory", "sue"])
def test_nobody_else_objects(refused, request, who):
    with pytest.raises(NotAllowed, match="somebody else’s"):
        objecting.object_to(petition=refused, author=request.getfixturevalue(who), text=WHY)


def test_it_can_be_done_once(refused, objection, alice, sue):
    objecting.dismiss(objection=objection, senior=sue, note="It does fit.")
    with pytest.raises(NotAllowed, match="already"):
        objecting.object_to(petition=refused, author=alice, text=WHY)


@pytest.mark.parametrize("text", ["", "  \n ", "No!", "x" * 19, "x" * 4001])
def test_it_says_why_and_not_too_much(refused, alice, text):
    with pytest.raises(NotAllowed):
        objecting.object_to(petition=refused, author=alice, text=text)
    assert not Objection.objects.exists()


@pytest.mark.parametrize(("days", "may"), [(9.9, True), (10.1, False)])
def test_it_comes_in_time(refused, alice, settings, days, may):
    settings.OBJECTION_DAYS = 10
    long_ago(days)
    assert ("10 days" in objecting.obstacle(fresh(refused), alice)) is not may


def test_it_says_until_when(refused, settings):
    move = objecting.refusal_of(refused)
    assert objecting.ends_at(move) - move.at == timedelta(days=settings.OBJECTION_DAYS)


def test_an_upheld_rejection_waits_again_where_it_was_in_the_queue(refused, objection, alice, sue, bob):
    before = refused.submitted_at
    move = objecting.uphold(objection=objection, senior=sue, note="You are right.")
    assert (move.source, move.target, move.actor) == (State.REJECTED, State.SUBMITTED, sue)
    assert (fresh(refused).state, fresh(refused).submitted_at) == (State.SUBMITTED, before)
    assert Message.objects.get(kind="petition-objection-upheld").context["note"] == "You are right."
    assert list(Objection.objects.reopening()) == [objection]


def test_who_was_overruled_does_not_decide_again(objection, sue, bob, dora, reason):
    objecting.uphold(objection=objection, senior=sue)
    petition = fresh(objection.petition)
    with pytest.raises(NotAllowed, match="You rejected it before"):
        moderation.reject(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    assert moderation.may(dora, moderation.Decision.APPROVE, petition)
    moderation.approve(petition=petition, verdict=verdict(petition, dora))
    assert not Objection.objects.reopening().exists()


def test_who_was_overruled_does_not_decide_after_a_detour_either(objection, sue, bob, dora, reason):
    objecting.uphold(objection=objection, senior=sue)
    petition = fresh(objection.petition)
    moderation.request_changes(petition=petition, verdict=verdict(petition, dora, reasons=[reason]))
    drafting.submit(petition=petition, starter=petition.starter)
    petition = fresh(petition)
    assert not Objection.objects.reopening().exists()
    for decide, reasons in ((moderation.reject, [reason]), (moderation.approve, [])):
        with pytest.raises(NotAllowed, match="You rejected it before"):
            decide(petition=petition, verdict=verdict(petition, bob, reasons=reasons))
    moderation.approve(petition=petition, verdict=verdict(petition, dora))
    with pytest.raises(NotAllowed, match="You rejected it before"):
        moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))


@pytest.mark.parametrize("state", PUBLIC)
def test_who_was_overruled_takes_nothing_down_again(make_petition, bob, sue, reason, state):
    petition = make_petition(state)
    moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    objection = objecting.object_to(petition=petition, author=petition.starter, text=WHY)
    objecting.uphold(objection=objection, senior=sue)
    petition = fresh(petition)
    with pytest.raises(NotAllowed, match="You took it down before"):
        moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    moderation.take_down(petition=petition, verdict=verdict(petition, sue, reasons=[reason]))
    petition = fresh(petition)
    assert moderation.restore(petition=petition, verdict=verdict(petition, bob)).target == state


def test_who_was_right_may_decide_again(removed, alice, bob, sue, reason):
    objection = objecting.object_to(petition=removed, author=alice, text=WHY)
    objecting.dismiss(objection=objection, senior=sue, note="The reason fits.")
    moderation.restore(petition=removed, verdict=verdict(removed, bob))
    petition = fresh(removed)
    assert moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))


def test_who_was_overruled_reads_who_may_decide(objection, sue, bob, dora):
    objecting.uphold(objection=objection, senior=sue)
    left = staff("alan@example.org", "Alan Left", "Moderators")
    left.is_active = False
    left.save()
    sentence = moderation.why_not(bob, Decision.APPROVE, fresh(objection.petition))
    assert sentence.endswith("These may: Dora Second, Sue Senior.")
    for number in range(3):
        staff(f"{number}@example.org", f"Carl {number}", "Moderators")
    sentence = moderation.why_not(bob, Decision.APPROVE, fresh(objection.petition))
    assert sentence.endswith("These may, and others: Carl 0, Carl 1, Carl 2.")


def test_a_team_in_which_nobody_may_decide_reads_what_to_do(objection, sue, bob, reason):
    objecting.uphold(objection=objection, senior=sue)
    sue.groups.clear()
    assert "an administrator has to make somebody else" in moderation.why_not(
        bob, Decision.REJECT, fresh(objection.petition)
    )


@pytest.mark.parametrize("state", PUBLIC)
def test_an_upheld_removal_goes_back_to_where_it_was(make_petition, bob, sue, reason, state):
    petition = make_petition(state)
    dates = petition.published_at, petition.closed_at
    moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    objection = objecting.object_to(petition=petition, author=petition.starter, text=WHY)
    objecting.uphold(objection=objection, senior=sue)
    now = fresh(petition)
    assert (now.state, now.published_at, now.closed_at) == (state, *dates)


def test_a_dismissed_one_changes_nothing_but_says_why(refused, objection, sue):
    with pytest.raises(NotAllowed, match="Tell the starter"):
        objecting.dismiss(objection=objection, senior=sue, note=" ")
    objecting.dismiss(objection=objection, senior=sue, note="The reason fits.")
    assert fresh(refused).state == State.REJECTED
    assert Message.objects.get(kind="petition-objection-dismissed").context["note"] == "The reason fits."


def test_moderators_do_not_decide_on_objections(objection, dora):
    for decide in (objecting.uphold, objecting.dismiss):
        with pytest.raises(NotAllowed, match="Senior"):
            decide(objection=objection, senior=dora, note="No.")


def test_the_first_decider_does_not_decide_again(make_petition, alice, sue, reason):
    petition = make_petition(State.SUBMITTED)
    moderation.reject(petition=petition, verdict=verdict(petition, sue, reasons=[reason]))
    objection = objecting.object_to(petition=petition, author=alice, text=WHY)
    for decide in (objecting.uphold, objecting.dismiss):
        with pytest.raises(NotAllowed, match="another senior"):
            decide(objection=objection, senior=sue, note="No.")
    assert objecting.why_not(sue, objection)


def test_the_database_itself_wants_another_decider(objection, bob, alice):
    for decider in (bob, alice):
        rows = Objection.objects.filter(pk=objection.pk)
        with pytest.raises(IntegrityError, match="decided_by"), transaction.atomic():
            rows.update(decider=decider, decided_at="2026-11-01 12:00Z", upheld=True)


def test_what_was_decided_stays_decided(objection, sue):
    objecting.dismiss(objection=objection, senior=sue, note="The reason fits.")
    for change in (lambda rows: rows.update(note="Other"), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change(Objection.objects.all())


def test_nobody_restores_past_an_objection(removed, alice, dora, sue):
    objection = objecting.object_to(petition=removed, author=alice, text=WHY)
    with pytest.raises(NotAllowed, match="senior moderator decides"):
        moderation.restore(petition=removed, verdict=verdict(removed, dora))
    objecting.dismiss(objection=objection, senior=sue, note="The reason fits.")
    assert moderation.restore(petition=removed, verdict=verdict(removed, dora))


def test_each_refusal_has_its_own_objection(refused, objection, sue, dora, reason):
    objecting.uphold(objection=objection, senior=sue)
    moderation.reject(petition=refused, verdict=verdict(refused, dora, reasons=[reason]))
    again = objecting.object_to(petition=refused, author=refused.starter, text=WHY)
    assert again.first_decider == dora


@committed
def test_of_two_seniors_at_once_one_decides(objection, sue):
    tom = staff("tom@example.org", "Tom Senior", "Senior moderators")
    done = at_once(
        lambda: objecting.uphold(objection=objection, senior=sue),
        lambda: objecting.dismiss(objection=objection, senior=tom, note="No."),
    )
    assert [type(each) for each in done if isinstance(each, Exception)] == [Stale]
    outcome = Objection.objects.get()
    assert fresh(outcome.petition).state == (State.SUBMITTED if outcome.upheld else State.REJECTED)
    assert Message.objects.filter(kind__startswith="petition-objection-").count() == 2


@committed
def test_of_two_objections_at_once_one_is_kept(refused, alice):
    done = at_once(*[lambda: objecting.object_to(petition=refused, author=alice, text=WHY)] * 3)
    assert sum(isinstance(each, NotAllowed) for each in done) == 2
    assert Objection.objects.count() == 1


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", ["alice", "bob", "carol", "dora"])
def test_what_is_said_of_each_decision_is_said_of_one(make_petition, sue, request, state, who):
    person, petition = request.getfixturevalue(who), make_petition(state)
    if state in objecting.REFUSALS:
        objection = objecting.object_to(petition=petition, author=petition.starter, text=WHY)
        objecting.uphold(objection=objection, senior=sue)
        petition = fresh(petition)
    each = moderation.why_not_each(person, petition)
    assert each == {
        decision: moderation.why_not(person, decision, petition) for decision in moderation.possible(petition)
    }
