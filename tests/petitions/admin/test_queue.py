"""The desk on the first page of the admin."""

import dataclasses

import pytest
from django.urls import reverse

from petitions.services import drafting, editing, moderation, objecting
from petitions.services.drafting import draft_of
from petitions.states import State
from tests.conftest import verdict
from tests.petitions.admin.conftest import imported, url, waiting_since
from tests.petitions.admin.crowd import crowd

INDEX = "/admin/"
# Session, person and roles, then two for each list, three for the queue, one for the pace, and what Django shows of one's own acts.
MOST = 17
OBJECTION = "The reason does not fit: it asks the city, not a person."


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
    assert b"Nothing waits." in bobs.get(INDEX).content


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


def test_it_asks_as_many_queries_for_five_as_for_five_hundred(sue, client_of, django_assert_max_num_queries):
    crowd(5)
    sues = client_of(sue)
    sues.get(INDEX)
    with django_assert_max_num_queries(MOST) as few:
        sues.get(INDEX)
    crowd(495)
    with django_assert_max_num_queries(MOST) as many:
        page = sues.get(INDEX)
    assert b'<span class="count">500</span>' in page.content
    assert len(many) == len(few)


def test_it_says_how_long_decisions_take(bobs, bob, make_petition):
    assert b"Decisions lately took" not in bobs.get(INDEX).content
    petition = make_petition(State.SUBMITTED)
    moderation.approve(petition=petition, verdict=verdict(petition, bob))
    assert b"Decisions lately took less than an hour." in bobs.get(INDEX).content


def test_it_says_since_when_the_oldest_waits(bobs, make_petition):
    waiting_since(make_petition(State.SUBMITTED), 49)
    assert "The oldest has waited 2\xa0days" in bobs.get(INDEX).content.decode()


def test_it_marks_what_was_sent_again(bobs, make_petition, alice):
    petition = make_petition(State.CHANGES_REQUESTED)
    drafting.submit(petition=petition, starter=alice)
    assert '<span class="state">sent again</span>' in bobs.get(INDEX).content.decode()


def test_it_marks_what_an_objection_has_reopened(bobs, make_petition, alice, sue):
    petition = make_petition(State.REJECTED)
    objection = objecting.object_to(petition=petition, author=alice, text=OBJECTION)
    objecting.uphold(objection=objection, senior=sue)
    assert '<span class="state">reopened</span>' in bobs.get(INDEX).content.decode()


def test_objections_are_for_seniors(bobs, sue, client_of, make_petition, alice):
    petition = make_petition(State.REJECTED, title="Let the river be")
    objecting.object_to(petition=petition, author=alice, text=OBJECTION)
    assert b"Let the river be" not in bobs.get(INDEX).content
    page = client_of(sue).get(INDEX).content.decode()
    assert "Let the river be" in page
    assert "/admin/petitions/objection/?waits=yes" in page


def test_it_shows_new_wordings_of_what_is_published(bobs, make_petition, alice):
    petition = make_petition(State.PUBLISHED)
    words = dataclasses.replace(draft_of(petition), title="A better title of the petition")
    edit = editing.propose(petition=petition, starter=alice, draft=words)
    assert f"/admin/petitions/edit/{edit.pk}/review/" in bobs.get(INDEX).content.decode()


def test_it_reads_no_list_that_its_reader_may_not_see(client_as, django_assert_max_num_queries):
    staff = client_as("staff")
    staff.get(INDEX)
    with django_assert_max_num_queries(5):
        staff.get(INDEX)
