"""How long decisions take."""

from datetime import timedelta

import pytest

from petitions import pace
from petitions.states import State
from tests.petitions.waiting import sent_before


def test_nobody_knows_before_the_first_decision(make_petition):
    make_petition(State.SUBMITTED)
    assert pace.median_wait() is None


def test_half_of_the_latest_decisions_took_no_longer(make_petition):
    for hours in (1, 30, 300):
        sent_before(make_petition(), hours)
    wait = pace.median_wait()
    assert wait is not None
    assert timedelta(hours=29, minutes=59) < wait < timedelta(hours=30, minutes=5)


def test_it_counts_from_the_last_time_it_was_sent(make_petition):
    sent_before(make_petition(State.REJECTED), 2)
    assert pace.in_words(pace.median_wait()) == "about 2 hours"


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (timedelta(minutes=59), "less than an hour"),
        (timedelta(minutes=80), "about 1 hour"),
        (timedelta(hours=30), "about 30 hours"),
        (timedelta(hours=40), "about 2 days"),
        (timedelta(days=9), "about 9 days"),
    ],
)
def test_it_says_so_as_people_do(wait, words):
    assert pace.in_words(wait) == words
