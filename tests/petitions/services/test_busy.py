"""Somebody holds what is to be changed: it is tried again, then said plainly, and nothing is done by halves."""

from functools import partial
from threading import Event, Timer

import pytest
from django.db import connection, transaction

from lib import retry
from petitions.models import Petition
from petitions.services import closing
from petitions.services.moves import locked
from petitions.states import State
from tests.petitions.racing import at_once, committed

pytestmark = committed


@pytest.fixture
def petition(make_petition):
    return make_petition(State.PUBLISHED)


def hold(petition, until, is_held):
    with transaction.atomic():
        locked(petition)
        is_held.set()
        assert until.wait(30)


def impatiently(act):
    """Act on a connection that waits for locks a fifth of a second only."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    return act()


def test_a_close_outlasts_somebody_who_holds_the_row_for_long(petition):
    is_held, let_go = Event(), Event()

    def close():
        assert is_held.wait(10)
        Timer(0.4, let_go.set).start()
        return impatiently(partial(closing.close, petition=petition, starter=petition.starter))

    transition = at_once(partial(hold, petition, let_go, is_held), close)[1]
    assert transition.target == State.CLOSED


def test_after_three_tries_the_page_says_busy_and_nothing_is_written(petition, client_of, monkeypatch):
    monkeypatch.setattr(retry, "LONGEST_PAUSE", 0.02)
    is_held, let_go = Event(), Event()
    client = client_of(petition.starter)

    def close():
        assert is_held.wait(10)
        try:
            return impatiently(
                lambda: client.post(f"/petitions/{petition.slug}/manage/close/", {"why": "It was " * 9})
            )
        finally:
            let_go.set()

    response = at_once(partial(hold, petition, let_go, is_held), close)[1]
    assert (response.status_code, response["Retry-After"]) == (503, "3")
    assert b"Somebody else is changing this" in response.content
    assert b"It was It was" in response.content
    assert Petition.objects.get(pk=petition.pk).state == State.PUBLISHED
    assert not petition.transitions.filter(target=State.CLOSED).exists()
