"""The first page."""

import pytest

from petitions.states import State


def test_it_invites_to_write_the_first_petition(client, db):
    page = client.get("/").content.decode()
    assert "Nothing here yet." in page
    assert "Moving now" not in page
    assert "Browse" not in page.partition("<main")[2].partition("</main>")[0]


def test_it_names_no_petition_in_its_panel_while_nobody_has_signed(client, crowd):
    crowd(2)
    page = client.get("/").content.decode()
    assert "<strong>2</strong> petitions wait for their first signature." in page
    assert "Moving now" not in page
    assert "A few names short" not in page


def test_it_shows_what_moves_with_the_most_signed_first(client, crowd, signed):
    low, high = crowd(2)
    signed(low, 5)
    signed(high, 50)
    front = client.get("/").context["front"]
    assert front.first.title == high.title
    assert [card.title for card in front.moving] == [low.title]


def test_it_shows_what_is_close_to_its_goal(client, crowd, signed):
    far, near, nearer = crowd(3)
    signed(far, 79)
    signed(near, 180)
    signed(nearer, 499)
    response = client.get("/")
    assert [card.title for card in response.context["front"].near] == [nearer.title, near.title]
    assert "<strong>1 to go</strong>" in response.content.decode()


def test_it_shows_victories_and_topics_with_their_counts(client, make_petition):
    make_petition(State.VICTORY, title="Bring back the night bus")
    page = client.get("/").content.decode()
    assert "It worked" in page
    assert "Parks and places" in page
    assert "Streets and transport" not in page


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.REJECTED, State.REMOVED])
def test_it_hides_what_is_not_public(client, make_petition, state):
    make_petition(state, title="Not to be seen")
    assert "Not to be seen" not in client.get("/").content.decode()


def test_it_leaves_out_what_is_closed_where_signing_is_offered(client, make_petition, signed):
    signed(make_petition(State.CLOSED), 99)
    front = client.get("/").context["front"]
    assert (front.first, front.near, front.open, front.total) == (None, [], 0, 1)


def test_it_shows_all_of_a_small_site(client, crowd, signed):
    signed(crowd(18)[0], 5)
    assert len(client.get("/").context["front"].new) == 18
    crowd(1)
    assert len(client.get("/").context["front"].new) == 6


@pytest.mark.parametrize("number", [5, 50])
def test_it_takes_six_queries(client, crowd, signed, django_assert_num_queries, number):
    for petition in crowd(number):
        signed(petition, 90)
    with django_assert_num_queries(6):
        assert client.get("/").status_code == 200


def test_it_groups_figures(client, crowd, signed):
    signed(crowd(1)[0], 1284)
    assert "<strong>1,284</strong> have signed. Let’s get to 1,500!" in client.get("/").content.decode()
