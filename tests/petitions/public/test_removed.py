"""The address of a petition that was taken down."""

import pytest

from petitions.services import moderation
from petitions.states import State
from tests.conftest import verdict


@pytest.fixture
def removed(make_petition):
    return make_petition(State.REMOVED, title="Words that are gone", body="A text that is gone.")


def test_it_is_gone_without_its_words(client, removed):
    for slug in (removed.slug, f"other-{removed.pk}"):
        response = client.get(f"/petitions/{slug}/")
        page = response.content.decode()
        assert response.status_code == 410
        assert "gone" not in page.replace("410", "").lower()
        assert "It does not say what should be done" in page


def test_it_says_that_signatures_are_kept(client, removed, signed):
    signed(removed, 214)
    assert "Its 214 signatures are kept" in client.get(removed.get_absolute_url()).content.decode()


def test_it_comes_back(client, removed, bob):
    moderation.restore(petition=removed, verdict=verdict(removed, bob))
    page = client.get(removed.get_absolute_url()).content.decode()
    assert "A text that is gone." in page
    assert "Put back by a moderator on" in page


def test_it_takes_four_queries(client, removed, django_assert_num_queries):
    with django_assert_num_queries(4):
        client.get(removed.get_absolute_url())
