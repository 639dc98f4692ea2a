"""The progress tag: dots up to a hundred, a bar with notches above, never more than the goal."""

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from lib.templatetags.look import dots

LADDER = [100, 200, 500, 1000, 1500, 2500]


def drawn(signatures, goal, extra=""):
    source = "{% load look %}{% progress signatures goal ladder " + extra + " %}"
    html = Template(source).render(Context({"signatures": signatures, "goal": goal, "ladder": LADDER}))
    return BeautifulSoup(html, "html.parser")


def lengths(path):
    """Return how many dashes each row of a path of dots draws."""
    return [round(float(row.split("h")[1]) / 12) + 1 for row in path.split("M")[1:]]


def test_it_draws_a_hundred_dots_in_five_rows_of_twenty():
    assert lengths(dots(0, 100)["all"]) == [20, 20, 20, 20, 20]
    assert dots(0, 100) == {"height": 60, "all": dots(100, 100)["on"], "on": ""}


def test_it_draws_the_mock_up_of_a_hundred_with_one_missing():
    assert dots(99, 100)["on"] == "M6 6h228.1M6 18h228.1M6 30h228.1M6 42h228.1M6 54h216.1"


@given(goal=st.integers(1, 100), share=st.floats(0, 1))
def test_it_draws_as_many_dots_as_people(goal, share):
    value = int(goal * share)
    field = dots(value, goal)
    assert sum(lengths(field["all"])) == goal
    assert sum(lengths(field["on"])) == value


def test_it_draws_fewer_dots_for_a_smaller_first_goal():
    svg = drawn(3, 30).svg
    assert svg["viewbox"] == "0 0 240 24"


def test_it_says_the_numbers_to_those_who_do_not_see_them():
    bar = drawn(1284, 1500).progress
    assert bar["aria-label"] == bar.text == "1,284 of 1,500 signatures"
    assert (bar["value"], bar["max"]) == ("1284", "1500")


def test_it_notches_reached_rungs_but_not_those_below_a_tenth():
    assert [line["x1"] for line in drawn(1284, 1500).find_all("line")] == ["13.33%", "33.33%", "66.67%"]


@pytest.mark.parametrize("signatures", [101, 5000])
def test_it_never_shows_more_than_the_goal(signatures):
    assert drawn(signatures, 100).progress["value"] == "100"


def test_it_survives_a_goal_of_nothing():
    assert drawn(0, 0).progress["max"] == "1"


def test_it_is_a_thin_bar_in_lists_even_below_a_hundred():
    soup = drawn(23, 100, "thin=True")
    assert "progress-thin" in soup.div["class"]
    assert soup.path is None


def test_it_ends_at_the_count_once_signing_has_ended():
    bar = drawn(2731, 5000, "final=True").progress
    assert (bar["value"], bar["max"]) == ("2731", "2731")


def test_it_uses_no_inline_style():
    assert "style=" not in str(drawn(47, 100)) + str(drawn(1284, 1500))
