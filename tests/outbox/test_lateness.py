"""Whether urgent mail is late: paused, due and not taken, or the server can't be reached; nothing else counts."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now

from outbox import pausing, verdicts
from outbox.kinds import UnknownKindError
from outbox.lateness import LATE_AFTER, is_late
from outbox.models import Message, State
from outbox.monitoring import read_outbox

pytestmark = pytest.mark.django_db


def aged(message, *, due_in=None, by=2 * LATE_AFTER, **values):
    """Let the mail have been written so long ago, and be due then or at another time."""
    due = Now() - by if due_in is None else Now() + due_in
    Message.objects.filter(pk=message.pk).update(created_at=Now() - by, due_at=due, **values)


def unheard(message, **how):
    """Let the mail have found no server, and its next try be some time off."""
    error = f"{verdicts.NO_CONNECTION}ConnectionRefusedError"
    aged(message, due_in=timedelta(minutes=30), attempts=4, last_error=error, **how)


def test_it_is_not_when_nothing_waits_or_all_is_fresh(write, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert not is_late("note")
    write("note", "a")
    assert not is_late("note")


@pytest.mark.parametrize("paused", ["note", pausing.EVERYTHING])
def test_it_is_while_paused(paused):
    pausing.pause(kind=paused)
    assert is_late("note")
    pausing.resume(kind=paused)
    assert not is_late("note")


def test_it_is_while_the_server_refuses_us():
    pausing.pause_by_itself(answer="535 no")
    assert is_late("note")


def test_another_kinds_pause_is_none_of_it(write):
    [broken] = write("broken", "a")
    aged(broken)
    pausing.pause(kind="broken")
    unheard(*write("broken", "b"))
    assert not is_late("note")


def test_it_is_when_nobody_takes_what_is_due(write):
    [other] = write("broken", "a")
    aged(other, by=LATE_AFTER / 2)
    assert not is_late("note")
    aged(other)
    assert is_late("note")


def test_bulk_mail_may_take_its_time(write):
    aged(*write("letter", "a"))
    assert not is_late("note")


def test_it_is_while_the_server_is_away_though_each_try_puts_the_mail_off(write):
    [note] = write("note", "a")
    unheard(note, by=LATE_AFTER / 2)
    assert not is_late("note")
    unheard(note)
    assert is_late("note")


def test_readiness_says_so_too(write):
    unheard(*write("note", "a"))
    reading = read_outbox()
    assert (reading.ok, reading.figures["lag_seconds"]) == (False, 0)


def test_it_is_no_longer_once_another_mail_has_left(write):
    note, later = write("note", "a", "b")
    unheard(note)
    Message.objects.filter(pk=later.pk).update(state=State.SENT, sent_at=Now(), attempts=F("attempts") + 1)
    assert not is_late("note")


def test_a_refusal_of_one_recipient_is_no_sign(write):
    aged(*write("note", "a"), due_in=timedelta(minutes=30), attempts=4, last_error="451 come back later")
    assert not is_late("note")


def test_it_knows_what_it_is_asked_for():
    with pytest.raises(UnknownKindError):
        is_late("nota")
