"""The list of petitions in the admin."""

import pytest

from lib import paging
from petitions.states import State
from tests.petitions.admin.conftest import imported, waiting_since
from tests.petitions.admin.crowd import crowd

LIST = "/admin/petitions/petition/"
# Session, person and roles, topics, reasons and views, what a search finds, the count and the rows.
MOST = 11


def test_it_is_the_queue_with_the_oldest_first(bobs, make_petition):
    make_petition(State.PUBLISHED, title="Published already")
    waiting_since(make_petition(State.SUBMITTED, title="The younger"), 2)
    waiting_since(make_petition(State.SUBMITTED, title="The older"), 90)
    page = bobs.get(LIST, {"state": "submitted"}).content.decode()
    assert page.index("The older") < page.index("The younger")
    assert "Published already" not in page
    assert "3\xa0days, overdue" in page


def test_it_leads_to_the_review(bobs, make_petition):
    petition = make_petition(State.SUBMITTED)
    assert f'href="/admin/petitions/petition/{petition.pk}/review/"' in bobs.get(LIST).content.decode()


def test_it_names_each_state(bobs, make_petition):
    make_petition(State.REJECTED)
    assert '<span class="state state-rejected">Rejected</span>' in bobs.get(LIST).content.decode()


def test_it_filters_by_topic_and_origin(bobs, make_petition):
    ours = make_petition(title="By a member")
    imported(title="From a file")
    for limits, shown, left_out in (
        ({"topic__id__exact": ours.topic_id}, "By a member", "From a file"),
        ({"imported": "yes"}, "From a file", "By a member"),
        ({"imported": "no"}, "By a member", "From a file"),
    ):
        page = bobs.get(LIST, limits).content.decode()
        assert shown in page
        assert left_out not in page


@pytest.mark.parametrize("words", ["river", "Alice"])
def test_it_finds_by_title_and_name(bobs, make_petition, words):
    make_petition(title="Keep the river path lit")
    imported(title="From a file")
    page = bobs.get(LIST, {"q": words}).content.decode()
    assert "Keep the river path lit" in page
    assert "From a file" not in page


def test_it_finds_addresses_for_administrators_only(bobs, ruths, make_petition):
    make_petition(title="Keep the river path lit")
    assert b"Keep the river" not in bobs.get(LIST, {"q": "alice@example.org"}).content
    assert b"Keep the river" in ruths.get(LIST, {"q": "alice@example.org"}).content


def test_it_keeps_drafts_from_moderators(bobs, ruths, make_petition):
    make_petition(State.DRAFT, title="A secret draft")
    assert b"A secret draft" not in bobs.get(LIST).content
    assert b"A secret draft" in ruths.get(LIST).content


def test_it_neither_adds_nor_deletes(ruths, make_petition):
    petition = make_petition()
    assert ruths.get(f"{LIST}add/").status_code == 403
    assert ruths.post(f"{LIST}{petition.pk}/delete/", {"post": "yes"}).status_code == 403
    assert b"delete_selected" not in ruths.get(LIST).content


@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
def test_it_is_not_for_others(client_as, make_petition, role):
    make_petition(title="Keep the river path lit")
    page = client_as(role).get(LIST)
    assert page.status_code in {302, 403}
    assert b"Keep the river" not in page.content


def test_it_escapes_titles_and_names(ruths, make_petition):
    make_petition(title="<img src=x onerror=alert(1)>", starter_name="<b>Al</b>")
    page = ruths.get(LIST).content.decode()
    assert "<img src=x" not in page
    assert "<b>Al" not in page


@pytest.mark.parametrize("address", ["", "?state=submitted", "?q=number", "?decided_by=me", "?waits=overdue"])
def test_it_asks_as_many_queries_for_five_as_for_five_hundred(bobs, address, django_assert_max_num_queries):
    crowd(5)
    bobs.get(LIST + address)
    with django_assert_max_num_queries(MOST) as few:
        bobs.get(LIST + address)
    crowd(495)
    with django_assert_max_num_queries(MOST) as many:
        page = bobs.get(LIST + address)
    assert page.status_code == 200
    assert len(many) == len(few)


def test_the_queue_says_what_differs_from_line_to_line(bobs, make_petition):
    make_petition(State.SUBMITTED)
    queue, every = (bobs.get(LIST, query).content.decode() for query in ({"state": "submitted"}, {}))
    assert 'class="field-waits' in queue
    for column in ("state_mark", "signature_count"):
        assert f'class="field-{column}' not in queue
        assert f'class="field-{column}' in every


def test_a_long_list_says_that_it_goes_on(bobs, monkeypatch):
    monkeypatch.setattr(paging, "COUNTED", 3)
    crowd(4)
    page = bobs.get(LIST, {"q": "number"}).content.decode()
    assert "more than 3 results" in page
    assert "the first 3 petitions; there are more, which filters and search find" in page
    assert "The list has 4 petitions." in bobs.get(f"{LIST}export/").content.decode()
