"""How old is too old, and who comes next."""

from datetime import UTC, datetime, timedelta

import pytest

from petitions import desk
from petitions.states import State
from tests.petitions.admin.conftest import waiting_since

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "text", "mark"),
    [
        (0, "less than a minute", ""),
        (3, "3\xa0hours", ""),
        (23.9, "23\xa0hours", ""),
        (24, "1\xa0day, overdue soon", "amber"),
        (71.9, "2\xa0days, overdue soon", "amber"),
        (72, "3\xa0days, overdue", "overdue"),
    ],
)
def test_it_marks_what_waits_too_long(hours, text, mark):
    assert desk.age_of(NOON - timedelta(hours=hours), NOON) == desk.Age(text, mark)


def test_it_takes_a_clock_that_is_behind():
    assert desk.age_of(NOON + timedelta(seconds=5), NOON) == desk.Age("less than a minute", "")


def test_it_waits_since_the_oldest(make_petition):
    petition = waiting_since(make_petition(State.SUBMITTED), 5)
    petition.refresh_from_db()
    waiting = desk.waiting()
    assert (waiting.count, waiting.oldest_at) == (1, petition.submitted_at)


def test_it_is_empty_when_all_is_decided(make_petition):
    make_petition(State.PUBLISHED)
    assert (desk.waiting().count, desk.waiting().oldest_at, desk.waiting().lines) == (0, None, ())


def test_the_next_is_the_one_that_came_in_after(make_petition, carol, bob):
    older = waiting_since(make_petition(State.SUBMITTED), 9)
    newer = waiting_since(make_petition(State.SUBMITTED, starter=carol), 8)
    for petition in (older, newer):
        petition.refresh_from_db()
    assert desk.next_after(older, moderator=bob) == newer
    assert desk.next_after(older, moderator=carol) is None
    assert desk.next_after(newer, moderator=bob) is None
