"""What the review page brings together: hints, similar ones, the difference, earlier decisions, notes, who else reads."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from petitions.admin import reading
from petitions.models import Note, Opening
from petitions.services import drafting, editing, moderation, noting, objecting
from petitions.services.drafting import Draft, draft_of
from petitions.states import State
from tests.conftest import verdict
from tests.petitions.admin.conftest import fresh, url
from tests.petitions.filling import soup_of

WHY = "The reason does not fit: we ask one office for one thing."


def page(client, petition) -> str:
    return client.get(url("review", petition)).content.decode()


def resubmitted(petition, bob, reason, **words):
    """Send a petition back and let its starter send it again with other words."""
    moderation.request_changes(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    draft = draft_of(fresh(petition))
    drafting.revise(petition=petition, draft=Draft(**{**vars(draft), **words}))
    drafting.submit(petition=petition, starter=petition.starter)
    return fresh(petition)


def test_it_shows_hints_with_their_place_and_says_that_they_decide_nothing(bobs, make_petition):
    text = page(bobs, make_petition(State.SUBMITTED, body="Call <b>me</b> on +49 30 1234567, please."))
    assert "A telephone number" in text
    assert "<mark>+49 30 1234567</mark>" in text
    assert "&lt;b&gt;me&lt;/b&gt; on " in text
    assert "they decide nothing" in text


def test_it_hints_at_what_stands_in_the_names(bobs, make_petition):
    names = {"decision_maker": "The mayor, 030/1234567", "starter_name": "anna@example.org"}
    text = page(bobs, make_petition(State.SUBMITTED, **names))
    assert "<mark>030/1234567</mark>" in text
    assert "<mark>anna@example.org</mark>" in text


def test_it_shows_similar_ones_and_why(bobs, make_petition):
    make_petition(State.REJECTED, title="Keep the river path lit until one")
    text = page(bobs, make_petition(State.SUBMITTED))
    assert "Keep the river path lit until one" in text
    assert "words in both: " in text


def test_it_shows_what_has_changed_since_the_last_decision(bobs, bob, make_petition, reason):
    petition = make_petition(State.SUBMITTED, body="The lamps go off at ten. We ask for light.")
    assert "Changed since" not in page(bobs, petition)
    text = page(bobs, resubmitted(petition, bob, reason, body="The lamps go off at nine. We ask for light."))
    assert "Changed since version 1" in text
    assert 'removed: </span>ten</del><ins class="added">' in text


def test_an_accepted_wording_is_what_the_next_one_is_compared_with(bobs, bob, alice, make_petition):
    petition = make_petition()
    draft = Draft(**{**vars(draft_of(petition)), "title": "Keep the river path lit all night"})
    edit = editing.propose(petition=petition, starter=alice, draft=draft)
    assert "proposed a new wording" in page(bobs, petition)
    editing.accept(edit=edit, moderator=bob)
    text = page(bobs, petition)
    assert "Changed since version 1" in text
    assert "New wording accepted, version 2" in text


def test_it_shows_the_starters_earlier_petitions_with_the_decisions_on_them(bobs, make_petition, reason):
    make_petition(State.REJECTED, title="An earlier try")
    text = page(bobs, make_petition(State.SUBMITTED))
    assert "An earlier try" in text
    assert f"Rejected: {reason.title}" in text


def test_it_says_how_many_there_are_and_leads_to_all(bobs, make_petition, carol, monkeypatch):
    monkeypatch.setattr(reading, "OTHERS", 2)
    petition = make_petition(State.SUBMITTED, title="This one")
    make_petition(State.DRAFT, title="Not sent in")
    make_petition(starter=carol, title="Carol’s")
    assert "All petitions of this starter" not in page(bobs, petition)
    earlier = [make_petition(title=f"Number {n}") for n in range(2)]
    assert "The latest" not in page(bobs, petition)
    earlier.append(make_petition(title="Number 2"))
    text = page(bobs, petition)
    assert "The latest 2 of 3." in text
    link = soup_of(bobs.get(url("review", petition))).select_one('.others a[href*="starter="]')
    assert link.text == "All petitions of this starter"
    listed = bobs.get(link["href"]).context["cl"].result_list
    assert [each.pk for each in listed] == [each.pk for each in (*reversed(earlier), petition)]


def test_the_record_has_objections_and_their_outcome(bobs, sue, alice, make_petition):
    petition = make_petition(State.REJECTED)
    objection = objecting.object_to(petition=petition, author=alice, text=WHY)
    text = page(bobs, petition)
    assert "objected to the last decision" in text
    assert WHY in text
    objecting.dismiss(objection=objection, senior=sue, note="It says who, but not what.")
    text = page(bobs, petition)
    assert "Objection dismissed" in text
    assert "It says who, but not what." in text


def test_it_says_who_else_has_it_open(bobs, bob, dora, client_of, make_petition):
    petition = make_petition(State.SUBMITTED)
    assert "Opened by" not in page(bobs, petition)
    assert "Opened by Bob Moderator less than a minute ago." in page(client_of(dora), petition)
    assert "Opened by Bob" not in page(bobs, petition)


def test_it_forgets_who_had_it_open_long_ago(bobs, dora, client_of, make_petition):
    petition = make_petition(State.SUBMITTED)
    page(client_of(dora), petition)
    Opening.objects.update(at=Now() - timedelta(hours=3))
    assert "Opened by" not in page(bobs, petition)


def test_reading_ones_own_is_not_told(client_of, bobs, dora, make_petition):
    petition = make_petition(State.SUBMITTED, starter=dora)
    page(client_of(dora), petition)
    assert not Opening.objects.exists()


def test_a_note_is_kept_for_the_others(bobs, dora, client_of, make_petition):
    petition = make_petition(State.SUBMITTED)
    answer = bobs.post(url("note", petition), {"text": "Who is this <really>?"})
    assert answer["Location"] == url("review", petition) + "#notes"
    text = page(client_of(dora), petition)
    assert "Who is this &lt;really&gt;?" in text
    assert "Bob Moderator" in text


@pytest.mark.parametrize("typed", ["", "   ", "\u202e"])
def test_an_empty_note_is_not_kept(bobs, make_petition, typed):
    answer = bobs.post(url("note", make_petition(State.SUBMITTED)), {"text": typed})
    assert "Write something first." in answer.content.decode()
    assert not Note.objects.exists()


def test_starters_who_moderate_read_nothing_that_is_said_about_theirs(bobs, bob, dora, make_petition, reason):
    petition = make_petition(State.SUBMITTED, starter=bob)
    noting.note(petition=petition, author=dora, text="Bob knows the mayor.")
    said = {"reasons": [reason], "internal_note": "Ask him twice."}
    moderation.request_changes(petition=petition, verdict=verdict(petition, dora, **said))
    text = page(bobs, petition)
    assert "Bob knows the mayor." not in text
    assert "Ask him twice." not in text
    assert bobs.post(url("note", petition), {"text": "I do not."}).status_code == 403


@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
def test_notes_are_for_those_who_decide(client_as, make_petition, role):
    petition = make_petition(State.SUBMITTED)
    assert client_as(role).post(url("note", petition), {"text": "Mine"}).status_code in {302, 403}
    assert not Note.objects.exists()


def test_it_offers_only_what_this_person_may_do(bobs, dora, sue, client_of, make_petition):
    petition = make_petition(State.REJECTED)
    objection = objecting.object_to(petition=petition, author=petition.starter, text=WHY)
    objecting.uphold(objection=objection, senior=sue)
    assert fresh(petition).state == State.SUBMITTED
    text = page(bobs, petition)
    assert "You rejected it before" in text
    assert 'value="approve"' not in text
    assert 'value="approve"' in page(client_of(dora), petition)
