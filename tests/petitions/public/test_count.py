"""The count for programs."""

import pytest
from django.test import override_settings

from petitions.models import Delta
from petitions.states import State


def address(petition):
    return f"{petition.get_absolute_url()}count.json"


def test_it_tells_count_goal_and_sentence(client, make_petition):
    response = client.get(address(make_petition()))
    assert response["Content-Type"] == "application/json"
    assert response.json() == {"signatures": 0, "goal": 100, "sentence": "0 have signed. Let’s get to 100!"}


def test_it_is_exact_before_the_roll_up(client, make_petition, signed):
    petition = signed(make_petition(), 99)
    Delta.objects.create(petition=petition, change=1)
    assert client.get(address(petition)).json()["goal"] == 200
    assert client.get(address(petition)).json()["signatures"] == 100


def test_it_takes_one_query(client, make_petition, django_assert_num_queries):
    petition = make_petition()
    with django_assert_num_queries(1):
        client.get(address(petition))


def test_it_is_not_sent_again_until_it_changes(client, make_petition, signed):
    petition = make_petition()
    tag = client.get(address(petition))["ETag"]
    assert client.get(address(petition), HTTP_IF_NONE_MATCH=tag).status_code == 304
    signed(petition, 1)
    assert client.get(address(petition), HTTP_IF_NONE_MATCH=tag).status_code == 200


@pytest.mark.parametrize("state", [State.CLOSED, State.VICTORY])
def test_it_goes_on_after_the_end(client, make_petition, state):
    assert client.get(address(make_petition(state))).status_code == 200


@pytest.mark.parametrize(
    "state", [State.DRAFT, State.SUBMITTED, State.CHANGES_REQUESTED, State.REJECTED, State.REMOVED]
)
def test_it_is_not_there_for_what_is_not_public(client_of, alice, make_petition, state):
    assert client_of(alice).get(address(make_petition(state))).status_code == 404


def test_it_speaks_the_language_of_the_address(client, make_petition, signed):
    petition = signed(make_petition(), 1284)
    with override_settings(LANGUAGES=[("en", "English"), ("de", "Deutsch")]):
        assert client.get(f"/de{address(petition)}").json()["sentence"].startswith("1.284 ")
        assert client.get(address(petition)).json()["sentence"].startswith("1,284 ")
