"""A form whose token is too old is shown again with everything in it, and nothing is kept."""

import pytest
from django.test import Client

from petitions.models import Petition
from tests.petitions.filling import START, filled, shown_in, soup_of, strict

OURS = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def alices(alice, client_of) -> Client:
    return strict(client_of(alice))


def test_a_post_without_a_token_is_refused(alices):
    assert alices.post(START, filled()).status_code == 403
    assert Petition.objects.count() == 0


def test_what_was_typed_is_still_there(alices):
    sent = filled()
    page = alices.post(START, {**sent, "csrfmiddlewaretoken": "x" * 64}, **OURS)
    assert page.status_code == 403
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "press the button once more" in page.text
    assert "Please send that again" in soup_of(page).title.text
    shown = shown_in(page)
    assert {name: shown[name] for name in sent if name != "action"} == {
        name: sent[name] for name in sent if name != "action"
    }
    assert Petition.objects.count() == 0


def test_a_visitor_needs_no_token_for_our_own_form(db):
    visitor = Client(enforce_csrf_checks=True)
    answer = visitor.post(START, {**filled(), "csrfmiddlewaretoken": "x" * 64}, **OURS)
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def test_one_more_click_keeps_it(alices):
    page = alices.post(START, filled(), **OURS)
    answer = alices.post(START, {**shown_in(page), "action": "save"}, **OURS)
    assert answer.status_code == 302
    assert Petition.objects.get().starter


def test_another_site_cannot_fill_in_the_form(alices):
    page = alices.post(START, filled(), HTTP_ORIGIN="https://elsewhere.example")
    assert page.status_code == 403
    assert "Plant trees" not in page.text


def test_an_edited_text_is_still_there(alices, make_draft):
    petition = make_draft()
    edit = f"{petition.get_manage_url()}edit/"
    page = alices.post(edit, filled(body="Changed for an hour"), **OURS)
    assert page.status_code == 403
    assert shown_in(page)["body"] == "Changed for an hour"
    answer = alices.post(edit, {**shown_in(page), "action": "save"}, **OURS)
    assert answer.status_code == 302
    petition.version.refresh_from_db()
    assert petition.version.body == "Changed for an hour"


def test_nobody_learns_of_somebody_else_s_draft_that_way(mallory, client_of, make_draft):
    edit = f"{make_draft(title='Secret lamps').get_manage_url()}edit/"
    page = strict(client_of(mallory)).post(edit, filled(title="x"), **OURS)
    assert page.status_code == 403
    assert "Secret lamps" not in page.text


@pytest.mark.parametrize("verb", ["submit", "close", "delete"])
def test_other_rooms_say_it_on_the_usual_page(alices, make_draft, verb):
    petition = make_draft()
    page = alices.post(f"{petition.get_manage_url()}{verb}/", **OURS)
    assert page.status_code == 403
    assert petition.transitions.count() == 0
