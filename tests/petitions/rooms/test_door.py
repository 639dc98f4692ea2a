"""Who may enter, by which address, and what a look changes."""

from urllib.parse import unquote

import pytest
from django.test import Client

from petitions.models import Petition, Transition
from petitions.states import State
from tests.petitions.filling import filled, strict
from tests.petitions.rooms.conftest import fresh, room

ROOMS = ["", "edit", "preview", "submit", "close", "delete"]
DOING = ["edit", "submit", "close", "delete"]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", ROOMS)
def test_mallory_finds_nothing(mallory, client_of, make_petition, verb, state):
    petition, client = make_petition(state), client_of(mallory)
    assert client.get(room(petition, verb)).status_code == 404
    if verb in DOING:
        assert client.post(room(petition, verb), filled()).status_code == 404
    assert fresh(petition).state == state
    assert fresh(petition).title == petition.title


@pytest.mark.parametrize("verb", ROOMS)
def test_moderators_use_the_admin(bob, client_of, make_petition, verb):
    assert client_of(bob).get(room(make_petition(State.SUBMITTED), verb)).status_code == 404


@pytest.mark.parametrize("verb", ROOMS)
def test_who_is_signed_out_signs_in_first(make_draft, verb):
    petition = make_draft()
    answer = Client().get(room(petition, verb))
    assert unquote(answer.url) == f"/accounts/login/?next={room(petition, verb)}"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("verb", ["submit", "close", "delete"])
def test_a_post_of_somebody_signed_out_does_nothing(make_draft, verb):
    petition = make_draft()
    assert Client().post(room(petition, verb)).status_code == 302
    assert fresh(petition).state == State.DRAFT


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", ROOMS)
def test_looking_changes_nothing(alices, make_petition, verb, state):
    petition, moves = make_petition(state), Transition.objects.count()
    before = Petition.objects.filter(pk=petition.pk).values().get()
    answer = alices.get(room(petition, verb))
    assert answer.status_code in {200, 302}
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert Petition.objects.filter(pk=petition.pk).values().get() == before
    assert Transition.objects.count() == moves


@pytest.mark.parametrize("verb", DOING)
def test_nothing_is_done_without_the_token(alices, make_petition, verb):
    petition = make_petition(State.PUBLISHED if verb == "close" else State.DRAFT)
    assert strict(alices).post(room(petition, verb), filled()).status_code == 403
    assert fresh(petition).state == petition.state


@pytest.mark.parametrize("verb", ["", "preview"])
def test_a_page_to_read_takes_no_post(alices, make_draft, verb):
    assert alices.post(room(make_draft(), verb)).status_code == 405


def test_the_id_leads_here_under_every_title(alices, make_draft):
    petition = make_draft()
    assert alices.get(f"/petitions/an-older-title-{petition.pk}/manage/").status_code == 200


@pytest.mark.parametrize("slug", ["no-number", "x-0", f"x-{'9' * 40}", "x-99999999", "x-²"])
def test_an_address_that_leads_nowhere_is_not_found(alices, slug):
    assert alices.get(f"/petitions/{slug}/manage/").status_code == 404


@pytest.mark.parametrize(
    ("verb", "state", "says"),
    [
        ("edit", State.SUBMITTED, "has been sent"),
        ("submit", State.PUBLISHED, "is “Published” now"),
        ("close", State.DRAFT, "Only a published petition can be closed"),
        ("close", State.CLOSED, "Only a published petition can be closed"),
        ("delete", State.SUBMITTED, "Only a draft can be deleted"),
        ("delete", State.CHANGES_REQUESTED, "Only a draft can be deleted"),
    ],
)
def test_an_old_tab_is_told_how_things_stand(alices, make_petition, verb, state, says):
    petition = make_petition(state)
    answer = alices.post(room(petition, verb), filled(), follow=True)
    assert answer.redirect_chain == [(room(petition), 302)]
    assert answer.status_code == 200
    assert says in answer.text
    assert fresh(petition).state == state
