"""The starter proposes a new wording of what is published."""

import pytest

from petitions.models import Edit
from petitions.services import editing
from petitions.states import State
from tests.petitions.filling import soup_of
from tests.petitions.rooms.conftest import fresh, room

NEW = {
    "title": "Keep the river path lit until one in the morning",
    "decision_maker": "Parks Department",
    "ask": "Let the lamps burn one hour longer.",
    "body": "The last bus comes at half past twelve.",
}


def sent(alices, petition, **words):
    """Fill in the form as it is shown and send it."""
    shown = soup_of(alices.get(room(petition, "propose"))).select_one("input[name=basis]")["value"]
    return alices.post(room(petition, "propose"), {**NEW, "basis": shown, **words})


def test_it_starts_from_the_published_words_and_asks_for_words_alone(alices, make_petition):
    petition = make_petition()
    page = soup_of(alices.get(room(petition, "propose")))
    assert page.select_one("[name=title]")["value"] == petition.title
    names = {field["name"] for field in page.select("main form [name]")}
    assert names == {"action", "csrfmiddlewaretoken", "title", "decision_maker", "ask", "body", "basis"}


def test_until_a_moderator_has_read_it_everybody_reads_the_old_text(alices, client, make_petition):
    petition = make_petition()
    assert sent(alices, petition).headers["Location"] == room(petition)
    assert NEW["title"] not in client.get(petition.get_absolute_url()).text
    assert NEW["title"] in alices.get(room(petition, "propose")).text
    assert "everybody reads the old one" in alices.get(room(petition)).text


def test_an_accepted_one_is_shown_and_is_on_record(alices, client, bob, make_petition):
    petition = make_petition()
    sent(alices, petition)
    editing.accept(edit=Edit.objects.get(), moderator=bob)
    page = client.get(petition.get_absolute_url()).text
    assert NEW["title"] in page
    assert "A new wording by its starter was accepted by a moderator on" in page
    assert "A moderator accepted the new wording." in alices.get(room(petition)).text


def test_a_declined_one_says_why_and_leaves_room_for_another(alices, bob, make_petition):
    petition = make_petition()
    sent(alices, petition)
    editing.decline(edit=Edit.objects.get(), moderator=bob, note="That asks for something else.")
    page = alices.get(room(petition))
    assert "That asks for something else." in page.text
    assert soup_of(page).select(f'a.btn[href="{room(petition, "propose")}"]')


def test_it_can_be_taken_back(alices, make_petition):
    petition = make_petition()
    sent(alices, petition)
    alices.post(room(petition, "propose"), {"action": "take-back"})
    assert Edit.objects.get().taken_back_at
    assert "You took the new wording back." in alices.get(room(petition)).text


def test_the_same_words_are_refused_in_place(alices, make_petition):
    petition = make_petition()
    same = {"title": petition.title, "ask": petition.ask, "body": petition.version.body}
    answer = sent(alices, petition, **same)
    assert answer.status_code == 422
    assert "These are the words that are published" in answer.text


def test_a_missing_text_is_named_at_its_field(alices, make_petition):
    answer = sent(alices, make_petition(), body="")
    assert answer.status_code == 422
    assert soup_of(answer).select_one("[name=body]")["aria-invalid"] == "true"


def test_two_tabs_do_not_overwrite_one_another(alices, bob, make_petition):
    petition = make_petition()
    old = soup_of(alices.get(room(petition, "propose"))).select_one("input[name=basis]")["value"]
    sent(alices, petition)
    editing.accept(edit=Edit.objects.get(), moderator=bob)
    answer = alices.post(room(petition, "propose"), {**NEW, "title": "Another title", "basis": old})
    assert answer.status_code == 409
    assert soup_of(answer).select_one("[name=title]")["value"] == "Another title"
    assert "The published text has changed meanwhile" in answer.text
    assert fresh(petition).title == NEW["title"]


def test_hidden_direction_marks_in_a_field_that_is_not_asked_for_do_no_harm(alices, make_petition):
    assert sent(alices, make_petition(), starter_name="\u202eMallory").status_code == 302


@pytest.mark.parametrize("state", [State.SUBMITTED, State.CLOSED, State.REJECTED, State.REMOVED])
def test_only_what_is_published_is_reworded(alices, make_petition, state):
    petition = make_petition(state)
    answer = alices.get(room(petition, "propose"), follow=True)
    assert "A new wording can be proposed while a petition is published." in answer.text


def test_without_a_script_the_text_can_be_looked_at_first(alices, make_petition):
    petition = make_petition()
    answer = sent(alices, petition, body="**Soon**", action="preview")
    assert soup_of(answer).select_one("#text-preview strong").text == "Soon"
    assert not Edit.objects.exists()
