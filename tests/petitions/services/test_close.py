from datetime import timedelta

import pytest
from django.db import transaction

from lib import clock
from petitions.models import Petition
from petitions.services import closing
from petitions.services.moves import locked
from petitions.states import NotAllowed, State
from tests.petitions.racing import at_once, committed


def until(petition: Petition, minutes: int) -> Petition:
    petition.closes_at = clock.now() + timedelta(minutes=minutes)
    petition.save(update_fields=["closes_at"])
    return petition


def test_its_starter_closes_it(alice, make_petition):
    petition = make_petition(State.PUBLISHED)
    transition = closing.close(petition=petition, starter=alice)
    petition.refresh_from_db()
    assert petition.state == State.CLOSED
    assert petition.closed_at
    assert transition.actor == alice


def test_nobody_else_closes_it(mallory, make_petition):
    petition = make_petition(State.PUBLISHED)
    with pytest.raises(NotAllowed):
        closing.close(petition=petition, starter=mallory)
    petition.refresh_from_db()
    assert petition.state == State.PUBLISHED


def test_the_clock_closes_what_is_due_and_nothing_else(make_petition):
    due, later = until(make_petition(), -90), until(make_petition(), 5)
    forever, draft = make_petition(), until(make_petition(State.DRAFT), -90)
    assert closing.close_due() == 1
    states = {each.pk: each.state for each in Petition.objects.all()}
    assert states == {
        due.pk: State.CLOSED,
        later.pk: State.PUBLISHED,
        forever.pk: State.PUBLISHED,
        draft.pk: State.DRAFT,
    }
    assert due.transitions.get(target=State.CLOSED).actor is None


def test_it_closed_at_the_hour_that_was_announced(make_petition):
    petition = until(make_petition(), -90)
    closing.close_due()
    petition.refresh_from_db()
    assert petition.closed_at == petition.closes_at


def test_the_clock_closes_once(make_petition):
    until(make_petition(), -1)
    assert (closing.close_due(), closing.close_due()) == (1, 0)


def test_the_clock_takes_so_many_at_a_time(make_petition):
    for minutes in (-3, -1, -2):
        until(make_petition(), minutes)
    assert (closing.close_due(limit=2), closing.close_due(limit=2)) == (2, 1)


@committed
def test_starter_and_clock_at_once_make_one_move(alice, make_petition):
    petition = until(make_petition(), -1)
    at_once(lambda: closing.close(petition=petition, starter=alice), closing.close_due, closing.close_due)
    petition.refresh_from_db()
    assert petition.state == State.CLOSED
    assert petition.transitions.filter(target=State.CLOSED).count() == 1


@committed
def test_one_that_is_held_does_not_stop_the_others(make_petition):
    held, free = until(make_petition(), -5), until(make_petition(), -1)
    with transaction.atomic():
        locked(held)
        assert at_once(closing.close_due) == [1]
    free.refresh_from_db()
    assert free.state == State.CLOSED
    assert closing.close_due() == 1
