"""The rungs in words: reached, next, the one after."""

from bs4 import BeautifulSoup
from django.template import Context, Template

LADDER = [100, 200, 500, 1000, 1500, 2500]


def said(signatures, goal, extra=""):
    source = "{% load look %}{% rungs signatures goal ladder " + extra + " %}"
    html = Template(source).render(Context({"signatures": signatures, "goal": goal, "ladder": LADDER}))
    return [" ".join(item.get_text().split()) for item in BeautifulSoup(html, "html.parser").find_all("li")]


def test_it_begins_with_the_first_goal():
    assert said(0, 100) == ["100 is the first goal", "then 200"]


def test_it_says_reached_next_and_after():
    assert said(1284, 1500) == ["reached: 1,000", "1,500 next", "then 2,500"]


def test_it_ends_where_the_ladder_ends():
    assert said(2000, 2500) == ["reached: 1,500", "2,500 next"]


def test_it_says_what_was_reached_in_the_end():
    assert said(2731, 2731, "final=True") == ["reached: 1,000", "reached: 1,500", "reached: 2,500"]


def test_it_says_nothing_where_nothing_was_reached():
    assert said(7, 7, "final=True") == []
