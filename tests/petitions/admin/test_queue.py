"""The desk on the first page of the admin."""

import pytest
from django.urls import reverse

from petitions.states import State
from tests.petitions.admin.conftest import imported, url, waiting_since

INDEX = "/admin/"


def test_it_shows_the_oldest_first_with_age_and_a_link(bobs, make_petition):
    young = waiting_since(make_petition(State.SUBMITTED, title="Plant trees"), 2)
    old = waiting_since(make_petition(State.SUBMITTED, title="Mend the bridge"), 80)
    page = bobs.get(INDEX).content.decode()
    assert page.index(url("review", old)) < page.index(url("review", young))
    assert "2\xa0hours</span>" in page
    assert '<span class="age overdue">3\xa0days, overdue</span>' in page


def test_it_marks_amber_after_a_day(bobs, make_petition):
    waiting_since(make_petition(State.SUBMITTED), 25)
    assert b'class="age amber"' in bobs.get(INDEX).content


def test_it_counts_all_and_lists_ten(bobs):
    for number in range(12):
        imported(state=State.SUBMITTED, title=f"Number {number}")
    page = bobs.get(INDEX).content.decode()
    assert '<span class="count">12</span>' in page
    assert page.count("/review/") == 10
    assert "See all 12" in page
    assert reverse("admin:petitions_petition_changelist") + "?state=submitted" in page


def test_it_says_when_nothing_waits(bobs):
    assert b"Nothing is waiting." in bobs.get(INDEX).content


@pytest.mark.parametrize("role", ["staff"])
def test_it_is_not_for_those_who_may_not_decide(client_as, make_petition, role):
    make_petition(State.SUBMITTED, title="Mend the bridge")
    page = client_as(role).get(INDEX)
    assert page.status_code == 200
    assert b"Mend the bridge" not in page.content


@pytest.mark.parametrize("role", ["anonymous", "member"])
def test_it_turns_others_away(client_as, make_petition, role):
    make_petition(State.SUBMITTED, title="Mend the bridge")
    page = client_as(role).get(INDEX)
    assert page.status_code in {302, 403}
    assert b"Mend the bridge" not in page.content


def test_it_marks_what_lacks_an_ask(bobs, article):
    page = bobs.get(INDEX).content.decode()
    assert article.title in page
    assert "needs an ask" in page


def test_it_escapes_titles(bobs, make_petition):
    make_petition(State.SUBMITTED, title="<script>alert(1)</script>")
    page = bobs.get(INDEX).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_it_asks_as_many_queries_for_one_as_for_eight(bobs, make_petition, django_assert_max_num_queries):
    make_petition(State.SUBMITTED)
    bobs.get(INDEX)
    with django_assert_max_num_queries(50) as one:
        bobs.get(INDEX)
    for number in range(7):
        imported(state=State.SUBMITTED, title=f"Number {number}")
    with django_assert_max_num_queries(len(one)):
        bobs.get(INDEX)
    assert len(one) <= 9
