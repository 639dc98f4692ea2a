"""What is posted from the review page: who may, and what comes of it."""

import pytest
from django.test import Client

from outbox.models import Message
from petitions.models import Reason
from petitions.services import drafting, moderation
from petitions.states import State
from tests.conftest import verdict
from tests.petitions.admin.conftest import DECIDING, RESULTS, fresh, imported, url, waiting_since

ROLES = ["anonymous", "member", "staff", "moderator", "administrator"]
MAILS = {
    "approve": "petition-approved",
    "request-changes": "petition-changes-requested",
    "reject": "petition-rejected",
    "take-down": "petition-removed",
}


@pytest.mark.parametrize("decision", list(DECIDING))
@pytest.mark.parametrize("role", ROLES)
def test_it_obeys_those_who_may_decide_and_nobody_else(client_as, make_petition, form_of, role, decision):
    petition = make_petition(DECIDING[decision])
    moves = petition.transitions.count()
    answer = client_as(role).post(url("decide", petition), form_of(petition, decision))
    allowed = role in {"moderator", "administrator"}
    assert answer.status_code == 302 if allowed else answer.status_code in {302, 403}
    assert answer.status_code == 403 or role != "staff"
    assert fresh(petition).state == (RESULTS[decision] if allowed else DECIDING[decision])
    assert petition.transitions.count() == moves + allowed


@pytest.mark.parametrize(("decision", "kind"), MAILS.items())
def test_it_posts_one_mail_to_the_starter(bobs, make_petition, form_of, decision, kind):
    petition = make_petition(DECIDING[decision])
    bobs.post(url("decide", petition), form_of(petition, decision, note_to_starter="Thank you."))
    mail = Message.objects.get(kind=kind)
    assert mail.to_address == "alice@example.org"
    assert mail.context["note"] == "Thank you."


@pytest.mark.parametrize("decision", ["reject", "approve"])
def test_it_posts_no_mail_for_imported_ones(bobs, form_of, decision):
    petition = imported(state=State.SUBMITTED)
    bobs.post(url("decide", petition), form_of(petition, decision))
    assert fresh(petition).state == RESULTS[decision]
    assert not Message.objects.filter(kind__startswith="petition-").exists()


def test_it_needs_a_token(bob, make_petition, form_of):
    petition = make_petition(State.SUBMITTED)
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob, backend="accounts.backend.Backend")
    assert client.post(url("decide", petition), form_of(petition, "approve")).status_code == 403
    assert fresh(petition).state == State.SUBMITTED


@pytest.mark.parametrize("decision", ["request-changes", "reject", "take-down"])
def test_it_wants_a_reason(bobs, make_petition, form_of, decision):
    petition = make_petition(DECIDING[decision])
    page = bobs.post(
        url("decide", petition), form_of(petition, decision, reasons=[], note_to_starter="I wrote this")
    )
    assert "Choose at least one reason." in page.content.decode()
    assert "I wrote this" in page.content.decode()
    assert fresh(petition).state == DECIDING[decision]


def test_it_does_not_lose_reasons_given_with_an_approval(bobs, make_petition, form_of, reason):
    petition = make_petition(State.SUBMITTED)
    page = bobs.post(url("decide", petition), form_of(petition, "approve", reasons=[reason.pk]))
    assert "Reasons go with a refusal" in page.content.decode()
    assert fresh(petition).state == State.SUBMITTED


def test_it_takes_no_retired_reason(bobs, make_petition, form_of, reason):
    Reason.objects.filter(pk=reason.pk).update(active=False)
    petition = make_petition(State.SUBMITTED)
    assert bobs.post(url("decide", petition), form_of(petition, "reject")).status_code == 200
    assert fresh(petition).state == State.SUBMITTED


def test_it_records_who_why_and_both_notes(bobs, bob, make_petition, form_of, reason):
    petition = make_petition(State.SUBMITTED)
    hiding = Reason.objects.get(code="private-person")
    notes = {"note_to_starter": "Leave the name out.", "internal_note": "Third time."}
    bobs.post(url("decide", petition), form_of(petition, "reject", reasons=[reason.pk, hiding.pk], **notes))
    move = petition.transitions.latest("at", "pk")
    assert (move.actor, move.version, set(move.reasons.all())) == (bob, petition.version, {reason, hiding})
    assert (move.note_to_starter, move.internal_note) == ("Leave the name out.", "Third time.")


def test_it_says_what_was_done_and_goes_on_to_the_next(bobs, make_petition, form_of, article):
    waiting_since(article, 100)
    first = waiting_since(make_petition(State.SUBMITTED, title="The first"), 50)
    second = waiting_since(make_petition(State.SUBMITTED, title="The second"), 40)
    page = bobs.post(url("decide", first), form_of(first, "approve"), follow=True)
    assert page.redirect_chain == [(url("review", second), 302)]
    assert "“The first”: Published." in page.content.decode()


def test_it_ends_at_the_empty_queue(bobs, make_petition, form_of):
    petition = make_petition(State.SUBMITTED)
    answer = bobs.post(url("decide", petition), form_of(petition, "approve"))
    assert answer["Location"] == "/admin/petitions/petition/?state=submitted"


def test_it_never_leads_moderators_to_their_own(bobs, bob, make_petition, form_of):
    first = waiting_since(make_petition(State.SUBMITTED), 50)
    waiting_since(make_petition(State.SUBMITTED, starter=bob), 40)
    answer = bobs.post(url("decide", first), form_of(first, "approve"))
    assert answer["Location"] == "/admin/petitions/petition/?state=submitted"


def test_it_refuses_a_decision_on_a_state_that_is_gone(bobs, dora, make_petition, form_of, reason):
    petition = make_petition(State.SUBMITTED)
    form = form_of(petition, "approve", internal_note="I had thought about it")
    moderation.reject(petition=petition, verdict=verdict(petition, dora, reasons=[reason]))
    page = bobs.post(url("decide", petition), form)
    assert page.status_code == 409
    for part in (
        "nothing was overwritten",
        "by Dora Second",
        "Submitted → Rejected",
        "I had thought about it",
    ):
        assert part in page.content.decode()
    assert fresh(petition).state == State.REJECTED


def test_it_refuses_a_decision_on_a_text_that_is_gone(bobs, dora, make_petition, form_of, reason):
    petition = make_petition(State.SUBMITTED)
    form = form_of(petition, "approve")
    moderation.request_changes(petition=petition, verdict=verdict(petition, dora, reasons=[reason]))
    drafting.revise(petition=petition, draft=complete("A new text"))
    drafting.submit(petition=petition, starter=petition.starter)
    assert fresh(petition).state == State.SUBMITTED
    assert bobs.post(url("decide", petition), form).status_code == 409
    assert fresh(petition).state == State.SUBMITTED


@pytest.mark.parametrize(
    "changes", [{"version": ""}, {"version": "x"}, {"state": ""}, {"state": "published"}]
)
def test_it_wants_to_know_what_was_read(bobs, make_petition, form_of, changes):
    petition = make_petition(State.SUBMITTED)
    assert bobs.post(url("decide", petition), form_of(petition, "approve", **changes)).status_code == 409
    assert fresh(petition).state == State.SUBMITTED


@pytest.mark.parametrize("decision", ["take-down", "restore", "publish", ""])
def test_it_offers_nothing_that_the_table_does_not_have(bobs, make_petition, form_of, decision):
    petition = make_petition(State.SUBMITTED)
    assert bobs.post(url("decide", petition), form_of(petition, decision)).status_code == 200
    assert fresh(petition).state == State.SUBMITTED


def test_it_refuses_moderators_their_own(bobs, bob, make_petition, form_of):
    petition = make_petition(State.SUBMITTED, starter=bob)
    page = bobs.post(url("decide", petition), form_of(petition, "approve"))
    assert page.status_code == 409
    assert "another moderator has to decide" in page.content.decode()
    assert fresh(petition).state == State.SUBMITTED


def test_it_does_not_approve_an_article_without_an_ask(bobs, article, form_of):
    assert bobs.post(url("decide", article), form_of(article, "approve")).status_code == 200
    assert fresh(article).state == State.SUBMITTED


@pytest.mark.parametrize("state", [State.PUBLISHED, State.CLOSED, State.VICTORY])
def test_taking_down_and_restoring_keeps_state_and_dates(bobs, make_petition, form_of, state):
    petition = make_petition(state)
    bobs.post(url("decide", petition), form_of(petition, "take-down"))
    removed = fresh(petition)
    assert removed.state == State.REMOVED
    bobs.post(url("decide", petition), form_of(removed, "restore"))
    restored = fresh(petition)
    dates = ("state", "submitted_at", "published_at", "closed_at", "closes_at")
    assert [getattr(restored, each) for each in dates] == [getattr(petition, each) for each in dates]


def complete(title: str) -> drafting.Draft:
    texts = {
        "title": title,
        "body": "New words.",
        "decision_maker": "The mayor",
        "starter_name": "Alice Miller",
    }
    return drafting.Draft(**texts, topic=drafting.Topic.objects.get(slug="parks"))
