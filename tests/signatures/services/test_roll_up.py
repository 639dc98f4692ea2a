"""The roll-up: exact, repeatable, and alone in recording milestones."""

import pytest
from django.db import connection

from petitions.models import Delta, SearchEntry, Tally
from signatures.models import Announcement, Milestone
from signatures.rollup import roll_up
from signatures.services import withdrawing
from signatures.tasks import roll_up as task
from tests.signatures.counts import deltas, only, shown


def change(petition, by):
    Delta.objects.bulk_create(Delta(petition=petition, change=1 if by > 0 else -1) for _ in range(abs(by)))


def tally(petition):
    return Tally.objects.get(petition=petition).signatures


def rungs(petition):
    return list(
        Milestone.objects.filter(petition=petition).order_by("threshold").values_list("threshold", flat=True)
    )


def announced():
    return list(Announcement.objects.order_by("pk").values_list("milestone__threshold", flat=True))


def test_it_moves_what_is_open(petition, carol, mallory, sign):
    sign(carol)
    sign(mallory)
    assert roll_up() == 1
    assert (tally(petition), deltas(petition), shown(petition)) == (2, [], 2)


def test_the_search_learns_of_it_once_it_is_committed(
    petition, carol, sign, django_capture_on_commit_callbacks
):
    sign(carol)
    with django_capture_on_commit_callbacks(execute=True):
        roll_up()
        assert SearchEntry.objects.get(petition=petition).signatures == 0
    assert SearchEntry.objects.get(petition=petition).signatures == 1


def test_it_finds_nothing_the_second_time(petition, carol, sign):
    sign(carol)
    assert [roll_up(), roll_up()] == [1, 0]
    assert tally(petition) == 1


def test_it_moves_withdrawals(petition, carol, sign):
    sign(carol)
    roll_up()
    withdrawing.withdraw(signature=only(petition))
    task()
    assert (tally(petition), shown(petition)) == (0, 0)


def test_each_petition_gets_its_own(petition, make_petition):
    other = make_petition(title="Plant trees at the bus station")
    change(petition, 3)
    change(other, 2)
    assert roll_up() == 2
    assert (tally(petition), tally(other)) == (3, 2)


def test_nothing_is_recorded_below_the_goal(petition):
    change(petition, 99)
    roll_up()
    assert rungs(petition) == []


def test_the_hundredth_is_a_milestone(petition):
    change(petition, 99)
    roll_up()
    change(petition, 1)
    roll_up()
    milestone = Milestone.objects.get()
    assert (milestone.threshold, milestone.signatures, announced()) == (100, 100, [100])


def test_a_burst_records_each_and_announces_the_highest(make_petition):
    petition = make_petition(first_goal=25)
    change(petition, 230)
    roll_up()
    assert (rungs(petition), announced()) == ([25, 100, 200], [200])
    assert set(Milestone.objects.values_list("signatures", flat=True)) == {230}


def test_two_ticks_announce_twice(make_petition):
    petition = make_petition(first_goal=25)
    change(petition, 25)
    roll_up()
    change(petition, 75)
    roll_up()
    assert (rungs(petition), announced()) == ([25, 100], [25, 100])


def test_crossing_it_again_says_nothing(make_petition):
    petition = make_petition(first_goal=2)
    change(petition, 2)
    roll_up()
    change(petition, -1)
    roll_up()
    change(petition, 1)
    roll_up()
    assert (tally(petition), rungs(petition), announced()) == (2, [2], [2])


def test_what_goes_and_comes_within_a_tick_reaches_nothing(make_petition):
    petition = make_petition(first_goal=2)
    change(petition, 2)
    change(petition, -1)
    roll_up()
    assert (tally(petition), rungs(petition)) == (1, [])


def test_a_forgotten_rung_below_is_recorded_in_silence(petition):
    change(petition, 200)
    roll_up()
    Announcement.objects.all().delete()
    Milestone.objects.filter(threshold=100).delete()
    Milestone.objects.filter(threshold=200).update(signatures=300)
    Tally.objects.update(signatures=150)
    change(petition, 50)
    roll_up()
    assert (rungs(petition), announced()) == ([100, 200], [])


@pytest.mark.parametrize("first_goal", [1, 10_000_000])
def test_any_first_goal_is_a_rung(make_petition, first_goal):
    petition = make_petition(first_goal=first_goal)
    Tally.objects.update(signatures=first_goal - 1)
    change(petition, 1)
    roll_up()
    assert announced() == [first_goal]


def test_it_leaves_everything_to_the_one_that_runs(petition, carol, sign):
    sign(carol)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7003)")
        assert roll_up() == 0
        cursor.execute("SELECT pg_advisory_unlock(7003)")
    other.close()
    assert deltas(petition) == [1]
    assert roll_up() == 1
