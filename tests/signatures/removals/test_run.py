"""A removal takes what its question asks for, all of it and nothing else, and undoing it is exact."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lib import clock
from petitions.states import NotAllowed
from signatures.models import Kind, Milestone, Removal, RemovedCount, Signature, Stage, State
from signatures.rollup import roll_up
from signatures.services import removing_many, withdrawing
from signatures.services.removing_many import Question
from tests.signatures import moderating
from tests.signatures.counts import breaches, recount, shown
from tests.signatures.removals.conftest import facts, run, undo, work_off

ACTS = ["recount", "start", "cancel", "undo"]


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr(removing_many, "BATCH", 7)


def test_it_counts_and_removes_nothing_before_it_is_started(petition, wave, ask):
    wave(20)
    wave(5, domain="neighbours.example")
    removal = ask()
    assert (removal.stage, removal.counted) == (Stage.COUNTED, 20)
    assert removing_many.carry_on() == 0
    assert shown(petition) == recount(petition) == 25


def test_it_takes_what_fits_and_nothing_else(petition, wave, ask):
    taken, left = wave(20), wave(5, domain="neighbours.example")
    removal = run(ask())
    assert (removal.stage, removal.taken, removal.stands) == (Stage.DONE, 20, 20)
    assert shown(petition) == recount(petition) == 5
    rows = Signature.objects.filter(removal=removal, state=State.REMOVED, removed_from=State.CONFIRMED)
    assert set(rows.values_list("pk", flat=True)) == set(taken)
    assert Signature.objects.confirmed().filter(pk__in=left).count() == 5
    assert breaches() == {}


def test_held_ones_are_taken_without_a_change_of_the_count(petition, wave, ask):
    wave(9, state=State.HELD)
    wave(4, domain="neighbours.example")
    assert run(ask()).taken == 9
    assert shown(petition) == 4
    assert set(Signature.objects.filter(state=State.REMOVED).values_list("removed_from", flat=True)) == {
        "held"
    }


@pytest.mark.parametrize("state", [State.CONFIRMED, State.HELD])
def test_undoing_it_is_exact(petition, wave, ask, state):
    wave(20, state=state)
    wave(5, domain="neighbours.example")
    before, count = facts(), shown(petition)
    removal = run(ask())
    assert facts() != before
    removal = undo(removal)
    assert (removal.stage, removal.put_back, removal.stands) == (Stage.UNDONE, 20, 0)
    assert facts() == before
    assert shown(petition) == recount(petition) == count
    assert breaches() == {}


def test_undoing_leaves_alone_what_was_put_back_or_removed_by_others(wave, ask):
    numbers = wave(20)
    removal = run(ask())
    first, second = Signature.objects.filter(pk__in=numbers[:2]).order_by("pk")
    moderating.undo_removal(first)
    withdrawing.withdraw(signature=first)
    moderating.undo_removal(second)
    moderating.remove(second, Kind.OTHER)
    assert undo(removal).put_back == 20
    states = dict(Signature.objects.values_list("pk", "state"))
    assert (states.pop(first.pk), states.pop(second.pk)) == (State.WITHDRAWN, State.REMOVED)
    assert set(states.values()) == {State.CONFIRMED}
    assert breaches() == {}


def test_cancelled_it_stops_between_batches_and_can_be_undone(petition, wave, ask, sue):
    wave(20)
    before, removal = facts(), ask()
    removing_many.start(removal=removal, by=sue)
    removing_many.carry_on(seconds=0)
    removing_many.cancel(removal=removal, by=sue)
    removal = work_off(removal)
    assert (removal.stage, removal.taken) == (Stage.CANCELLED, 7)
    assert shown(petition) == 13
    undo(removal)
    assert facts() == before


def test_what_is_confirmed_after_the_start_stays(petition, wave, ask, sue):
    wave(8)
    removal = ask()
    removing_many.start(removal=removal, by=sue)
    Signature.objects.filter(pk=Signature.objects.latest("pk").pk).update(confirmed_at=clock.now())
    assert work_off(removal).taken == 7
    assert shown(petition) == 1


def test_what_was_committed_late_behind_the_cursor_is_met(wave, ask, sue):
    numbers = wave(20)
    Signature.objects.filter(pk=numbers[0]).update(state=State.WITHDRAWN, withdrawn_at="2026-01-01T00:00Z")
    removal = ask()
    removing_many.start(removal=removal, by=sue)
    removing_many.carry_on(seconds=0)
    Signature.objects.filter(pk=numbers[0]).update(state=State.CONFIRMED)
    assert work_off(removal).taken == 20


def test_it_goes_through_all_petitions_where_none_is_named(petition, make_petition, wave, ask):
    other = make_petition(title="Benches for the park")
    wave(9)
    wave(4, petition=other)
    removal = run(ask(petition=None))
    assert (removal.taken, shown(petition), shown(other)) == (13, 0, 0)
    numbers = RemovedCount.objects.order_by("petition").values_list("petition", "kind", "signatures")
    assert list(numbers) == [(petition.pk, "made-up", 9), (other.pk, "made-up", 4)]
    undo(removal)
    assert (shown(petition), shown(other)) == (9, 4)
    assert breaches() == {}


def test_a_reached_goal_is_neither_undone_nor_told_again(make_petition, wave, ask):
    petition = make_petition(first_goal=5)
    wave(6, petition=petition)
    roll_up()
    removal = run(ask(petition=petition))
    roll_up()
    undo(removal)
    roll_up()
    assert list(Milestone.objects.values_list("threshold", "signatures")) == [(5, 6)]


@pytest.mark.parametrize(
    ("stage", "possible"),
    [
        (Stage.COUNTED, {"recount", "start", "cancel"}),
        (Stage.RUNNING, {"cancel"}),
        (Stage.CANCELLED, {"undo"}),
        (Stage.DONE, {"undo"}),
        (Stage.UNDOING, set()),
        (Stage.UNDONE, set()),
    ],
)
@pytest.mark.parametrize("act", ACTS)
def test_each_stage_allows_what_makes_sense(ask, sue, stage, possible, act):
    removal = ask()
    dates = dict.fromkeys(["started_at", "ended_at", "undone_at"], removal.made_at)
    Removal.objects.filter(pk=removal.pk).update(stage=stage, taken=1, **dates)
    if act in possible:
        getattr(removing_many, act)(removal=removal, by=sue)
    else:
        with pytest.raises(NotAllowed, match="no longer possible"):
            getattr(removing_many, act)(removal=removal, by=sue)


def test_nothing_is_undone_twice(wave, ask, sue):
    wave(3)
    removal = run(ask())
    for row in Signature.objects.filter(removal=removal):
        moderating.undo_removal(row)
    with pytest.raises(NotAllowed, match="Nothing is left"):
        removing_many.undo(removal=removal, by=sue)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["bob", "mallory"])
def test_it_is_for_seniors_alone(request, ask, who, act):
    removal, person = ask(), request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        getattr(removing_many, act)(removal=removal, by=person)
    with pytest.raises(PermissionDenied):
        removing_many.prepare(question=Question(domains=("a.example",)), kind="other", note="n", by=person)
    removal.refresh_from_db()
    assert removal.stage == Stage.COUNTED


def test_a_question_asks_for_something(sue, petition):
    with pytest.raises(IntegrityError, match="removal_asks_for_something"), transaction.atomic():
        removing_many.prepare(question=Question(petition=petition), kind="other", note="n", by=sue)


def test_those_chosen_by_hand_are_a_removal_too(petition, wave, sue):
    signature = Signature.objects.get(pk=wave(1)[0])
    assert moderating.remove(signature)
    removal = Removal.objects.get()
    assert (removal.by_hand, removal.petition_id, removal.taken, removal.made_by) == (
        True,
        petition.pk,
        1,
        sue,
    )
    assert undo(removal).stage == Stage.UNDONE
    assert shown(petition) == 1
