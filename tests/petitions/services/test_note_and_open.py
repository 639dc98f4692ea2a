"""What moderators leave for one another."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from petitions.models import Note, Opening
from petitions.services import noting, opening
from petitions.states import NotAllowed, State
from tests.petitions.racing import at_once, committed


def test_a_note_says_who_and_when(make_petition, bob):
    note = noting.note(petition=make_petition(State.SUBMITTED), author=bob, text=" Seen before.\r\n")
    note.refresh_from_db()
    assert (note.author, note.text) == (bob, "Seen before.")
    assert note.at


@pytest.mark.parametrize("text", ["", " \n", "x" * 4001])
def test_it_says_something_and_not_too_much(make_petition, bob, text):
    with pytest.raises(NotAllowed):
        noting.note(petition=make_petition(State.SUBMITTED), author=bob, text=text)
    assert not Note.objects.exists()


def test_only_moderators_write_and_not_about_their_own(make_petition, bob, mallory):
    petition = make_petition(State.SUBMITTED, starter=bob)
    for who, match in ((mallory, "may not"), (bob, "other moderators")):
        assert not noting.may_read(who, petition)
        with pytest.raises(NotAllowed, match=match):
            noting.note(petition=petition, author=who, text="Fine.")


def test_it_is_written_once(make_petition, bob):
    noting.note(petition=make_petition(State.SUBMITTED), author=bob, text="Seen before.")
    for change in (lambda rows: rows.update(text="Never"), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change(Note.objects.all())


def test_others_are_named_while_they_may_still_read(make_petition, bob, dora):
    petition = make_petition(State.SUBMITTED)
    opening.opened(petition=petition, person=bob)
    opening.opened(petition=petition, person=dora)
    assert [each.person for each in opening.others(petition=petition, person=bob)] == [dora]
    Opening.objects.update(at=F("at") - timedelta(minutes=61))
    assert not opening.others(petition=petition, person=bob).exists()
    opening.opened(petition=petition, person=dora)
    assert [each.person for each in opening.others(petition=petition, person=bob)] == [dora]


@committed
def test_opening_at_once_leaves_one_row_for_each_person(make_petition, bob, dora):
    petition = make_petition(State.SUBMITTED)
    calls = [lambda who=who: opening.opened(petition=petition, person=who) for who in (bob, dora) * 3]
    assert at_once(*calls) == [None] * 6
    assert Opening.objects.count() == 2
