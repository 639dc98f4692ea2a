from itertools import islice, pairwise

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from petitions.goals import FIRST_GOAL_MAX, Progress, goal_for, reached, rungs


@pytest.mark.parametrize(
    ("signatures", "first_goal", "goal"),
    [
        (0, 100, 100), (99, 100, 100), (100, 100, 200), (0, 1, 1), (1, 1, 100), (0, 25, 25), (25, 25, 100),
        (120, 150, 150), (150, 150, 200), (6_000_000, 100, 7_500_000), (7_500_000, 100, 9_000_000),
        (10_000_000, 10_000_000, 10_500_000), (0, 10_000_000, 10_000_000), (6_000_000, 6_000_000, 7_500_000),
    ],
)  # fmt: skip
def test_the_goal_is_the_first_rung_above_the_count(signatures: int, first_goal: int, goal: int):
    assert goal_for(signatures, first_goal) == goal


@given(st.integers(0, 30_000_000), st.integers(1, FIRST_GOAL_MAX))
def test_the_goal_is_always_above_and_never_below_the_first(signatures: int, first_goal: int):
    goal = goal_for(signatures, first_goal)
    assert goal > signatures
    assert goal >= first_goal
    assert all(rung <= signatures for rung in reached(signatures, first_goal))


@given(st.integers(1, FIRST_GOAL_MAX))
def test_rungs_rise(first_goal: int):
    steps = list(islice(rungs(first_goal), 60))
    assert steps[0] == first_goal
    assert all(lower < higher for lower, higher in pairwise(steps))


@pytest.mark.parametrize(
    ("signatures", "sentence"),
    [
        (0, "0 have signed. Let’s get to 100!"),
        (1, "1 has signed. Let’s get to 100!"),
        (2, "2 have signed. Let’s get to 100!"),
        (100, "100 have signed. Let’s get to 200!"),
        (1284, "1,284 have signed. Let’s get to 1,500!"),
    ],
)
def test_it_says_the_sentence(signatures: int, sentence: str):
    with translation.override("en"):
        progress = Progress(signatures, 100)
        assert progress.sentence == sentence
        assert progress.figure + progress.rest == sentence


def test_it_knows_what_is_left():
    progress = Progress(491, 100)
    assert (progress.goal, progress.left, progress.next_goal, progress.reached) == (500, 9, 1000, [100, 200])
