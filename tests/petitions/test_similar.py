"""Petitions that may ask for the same."""

import pytest
from django.db import connection

from petitions import discovery, mistyped, similar
from petitions.discovery import Search
from petitions.models import Petition
from petitions.states import State

TITLE = "Keep the river path lit until midnight"


def alike(petition: Petition) -> list[similar.Similar]:
    return similar.similar_to(petition, petition.version)


@pytest.fixture
def new(make_petition) -> Petition:
    return make_petition(State.SUBMITTED, title=TITLE)


@pytest.mark.parametrize("state", [State.PUBLISHED, State.CLOSED, State.VICTORY, State.REJECTED])
def test_it_compares_with_what_was_decided(make_petition, new, state):
    other = make_petition(state, title=TITLE)
    (found,) = alike(new)
    assert (found.pk, found.title, found.state, found.alike) == (other.pk, TITLE, state, 100)
    assert found.why.startswith("title 100 % alike; words in both: ")


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.CHANGES_REQUESTED, State.REMOVED])
def test_it_shows_nothing_that_is_unread_or_removed(make_petition, new, state):
    make_petition(state, title=TITLE)
    assert alike(new) == []


def test_it_forgives_a_slip_of_the_pen(make_petition, new):
    other = make_petition(title="Keep the rivre paths lit untill midnigt")
    assert [found.pk for found in alike(new)] == [other.pk]


def test_it_finds_the_same_words_in_another_order_and_in_the_text(make_petition, new):
    make_petition(title="Light for night workers", body="At midnight the river path must still be lit.")
    (found,) = alike(new)
    assert set(found.words) >= {"midnight", "river", "path"}
    assert "alike" not in found.why


def test_it_finds_nothing_where_little_is_shared(make_petition, new):
    make_petition(title="Clean the river", body="There is rubbish on its banks.")
    make_petition(title="A skate park for Elm Grove", body="Nothing about lamps.")
    assert alike(new) == []


def test_the_most_alike_come_first_and_eight_at_most(make_petition, new):
    for number in range(10):
        make_petition(title=f"{TITLE}, {number} please")
    exact = make_petition(title=TITLE)
    found = alike(new)
    assert len(found) == similar.SHOWN
    assert found[0].pk == exact.pk


@pytest.mark.parametrize("title", ["O'Neill \\ & | ! ( ) : * 'x' \"y\" <->", "???", "the and of", "Ban"])
def test_no_title_breaks_it(make_petition, title):
    other = make_petition(title=title)
    alike(make_petition(State.SUBMITTED, title=title))
    assert other.pk


def test_rejected_ones_are_still_found_by_nobody_else(make_petition):
    make_petition(State.REJECTED, title=TITLE)
    assert not discovery.find(Search("river midnight")).keys.exists()
    assert mistyped.similar("rivr path midnight", without=[]) == []


def test_it_asks_twice_whatever_there_is(make_petition, new, django_assert_num_queries):
    with django_assert_num_queries(4):  # the two, in a transaction of their own
        alike(new)
    for number in range(5):
        make_petition(title=f"{TITLE} {number}")
    with django_assert_num_queries(4):
        assert len(alike(new)) == 5


def test_both_halves_can_be_read_from_an_index(new):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        told = similar.parameters(new, new.version, ["midnight", "river", "path"])
        cursor.execute(f"EXPLAIN {similar.CANDIDATES}", told)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "search_similar_titles" in plan
    assert "search_words" in plan
