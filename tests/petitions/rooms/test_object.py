"""The starter answers a rejection or a removal."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from petitions.models import Objection, Transition
from petitions.services import objecting
from petitions.states import State
from tests.petitions.filling import soup_of
from tests.petitions.rooms.conftest import room

WHY = "The reason does not apply: the third sentence says what we ask for."


@pytest.fixture
def senior(admin_person):
    """Return somebody who may decide on objections and has not decided before."""
    return admin_person


@pytest.mark.parametrize("state", [State.REJECTED, State.REMOVED])
def test_it_shows_the_decision_and_sends_the_objection(alices, make_petition, state):
    petition = make_petition(state)
    page = soup_of(alices.get(room(petition, "object")))
    assert petition.transitions.latest("pk").reasons.get().title in page.select_one("main").text
    answer = alices.post(room(petition, "object"), {"text": WHY})
    assert answer.headers["Location"] == room(petition)
    assert Objection.objects.get(petition=petition).text == WHY


def test_a_word_is_not_enough_and_stays_in_the_form(alices, make_petition):
    petition = make_petition(State.REJECTED)
    answer = alices.post(room(petition, "object"), {"text": "Wrong."})
    assert answer.status_code == 422
    assert soup_of(answer).select_one("textarea").text.strip() == "Wrong."
    assert not Objection.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "\u200b" * 30, "x" * 4001])
def test_nothing_and_too_much_are_refused_in_words(alices, make_petition, text):
    answer = alices.post(room(make_petition(State.REJECTED), "object"), {"text": text})
    assert answer.status_code == 422
    assert soup_of(answer).select(".invalid-feedback, .error-summary, [aria-invalid]")


def test_once_means_once(alices, alice, make_petition):
    petition = make_petition(State.REJECTED)
    objecting.object_to(petition=petition, author=alice, text=WHY)
    answer = alices.post(room(petition, "object"), {"text": WHY}, follow=True)
    assert "You have objected to this decision already." in answer.text
    assert Objection.objects.count() == 1


def test_it_ends_with_its_time(alices, make_petition, settings):
    petition = make_petition(State.REJECTED)
    _backdate(petition, days=settings.OBJECTION_DAYS + 1)
    assert "that time is over" in alices.get(room(petition, "object"), follow=True).text
    assert not soup_of(alices.get(room(petition))).select(f'a[href="{room(petition, "object")}"]')


def test_mallory_finds_nothing(client_of, mallory, make_petition):
    petition = make_petition(State.REJECTED)
    assert client_of(mallory).post(room(petition, "object"), {"text": WHY}).status_code == 404


def test_the_room_says_how_it_went_on(alices, alice, senior, make_petition):
    petition = make_petition(State.REJECTED)
    objection = objecting.object_to(petition=petition, author=alice, text=WHY)
    assert "A senior moderator who did not take the decision" in alices.get(room(petition)).text
    objecting.dismiss(objection=objection, senior=senior, note="The third sentence asks nothing.")
    page = alices.get(room(petition)).text
    assert "Your objection was dismissed" in page
    assert page.count("The third sentence asks nothing.") >= 2


def test_who_was_signed_out_finds_the_words_again(client, client_of, alice, make_petition):
    petition = make_petition(State.REJECTED)
    client.post(room(petition, "object"), {"text": WHY})
    client.force_login(alice, backend="accounts.backend.Backend")
    assert soup_of(client.get(room(petition, "object"))).select_one("textarea").text.strip() == WHY


def _backdate(petition, *, days):
    """Move the petition's last decision into the past; the record itself refuses to be changed."""
    latest = petition.transitions.latest("at", "pk")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE petitions_transition DISABLE TRIGGER USER")
        Transition.objects.filter(pk=latest.pk).update(at=Now() - timedelta(days=days))
        cursor.execute("ALTER TABLE petitions_transition ENABLE TRIGGER USER")
