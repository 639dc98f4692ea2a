"""Somebody who is not signed in writes first and signs in then."""

import re
from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.test import Client

from outbox.models import Message
from petitions.models import Petition
from tests.petitions.filling import START, filled, shown_in, soup_of

FIELDS = ("title", "decision_maker", "ask", "body", "topic", "first_goal", "language", "request_key")


@pytest.fixture
def visitor(db) -> Client:
    return Client()


def test_everybody_sees_the_form(visitor):
    page = visitor.get(START)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert soup_of(page).select("main form button[value=save]")[-1].text == "Sign in and save"


def test_what_was_typed_waits_behind_the_log_in(visitor, alice):
    sent = filled(starter_name="")
    answer = visitor.post(START, sent)
    assert unquote(answer.url) == f"/accounts/login/?next={START}"
    assert Petition.objects.count() == 0
    visitor.force_login(alice, backend="accounts.backend.Backend")
    page = visitor.get(START)
    assert {name: shown_in(page)[name] for name in FIELDS} == {name: sent[name] for name in FIELDS}
    assert "What you typed is here" in page.text


def test_it_is_one_click_from_kept(visitor, alice):
    visitor.post(START, filled())
    visitor.force_login(alice, backend="accounts.backend.Backend")
    held = shown_in(visitor.get(START))
    answer = visitor.post(START, {**held, "action": "save"})
    assert answer.url == Petition.objects.get().get_manage_url()
    assert shown_in(visitor.get(START))["title"] == ""


def test_reading_the_form_does_not_use_it_up(visitor):
    visitor.post(START, filled())
    for _ in range(2):
        assert shown_in(visitor.get(START))["title"] == "Plant trees at the bus station"


def test_it_can_be_thrown_away(visitor):
    visitor.post(START, filled())
    visitor.post(START, {"action": "discard"})
    assert shown_in(visitor.get(START))["title"] == ""


def test_what_is_wrong_is_said_before_the_log_in(visitor):
    answer = visitor.post(START, filled(title=""))
    assert answer.status_code == 422
    assert shown_in(answer)["body"] == "It is **hot** there."
    assert Session.objects.count() == 0


def test_a_visitor_without_a_script_can_look_at_the_text(visitor):
    page = visitor.post(START, filled(action="preview"))
    assert page.status_code == 200
    assert soup_of(page).select_one("#text-preview strong").text == "hot"
    assert shown_in(page)["body"] == "It is **hot** there."


def test_somebody_new_writes_makes_an_account_and_keeps_the_draft(visitor):
    sent = filled(starter_name="Nina New")
    login = visitor.get(visitor.post(START, sent).url)
    signup = soup_of(login).find("a", href=re.compile(r"^/accounts/signup/"))["href"]
    page = visitor.get(signup)
    values = {**shown_in(page), "email": "nina@example.org"}
    answer = visitor.post(signup, values, follow=True)
    code = Message.objects.get(to_address="nina@example.org").context["code"]
    answer = visitor.post(answer.redirect_chain[-1][0], {"code": code}, follow=True)
    assert EmailAddress.objects.get(email="nina@example.org").verified
    assert answer.redirect_chain[-1][0] == START
    assert shown_in(answer)["title"] == sent["title"]
    visitor.post(START, {**shown_in(answer), "action": "save"})
    petition = Petition.objects.get()
    assert (petition.starter.email, petition.starter.name) == ("nina@example.org", "Nina New")
