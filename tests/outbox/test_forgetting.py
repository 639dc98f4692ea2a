"""Old mails lose what they hold; their keys stay where something may post them again."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from outbox import forgetting, kinds
from outbox.kinds import Kind
from outbox.models import Message, State
from outbox.tasks import forget

pytestmark = pytest.mark.django_db


def age(*messages, days=91, state=State.SENT):
    sent_at = Now() if state == State.SENT else None
    rows = Message.objects.filter(pk__in=[each.pk for each in messages])
    rows.update(created_at=Now() - timedelta(days=days), state=state, sent_at=sent_at)


@pytest.mark.parametrize("state", [State.SENT, State.DROPPED])
def test_an_old_mail_is_emptied_and_its_key_stays(write, state):
    [message] = write("letter", "carol")
    age(message, state=state)
    forget()
    message.refresh_from_db()
    assert (message.to_address, message.context, message.state) == ("", {}, state)
    write("letter", "carol")
    assert Message.objects.count() == 1


def test_a_mail_whose_key_is_spent_is_deleted(write):
    kinds.register(Kind("code", "trial/note", key_is_spent=True))
    old, young = write("code", "a", "b")
    age(old)
    assert forgetting.forget_old() == 1
    assert list(Message.objects.all()) == [young]


@pytest.mark.parametrize(("state", "days"), [(State.SENT, 89), (State.QUEUED, 500), (State.FAILED, 89)])
def test_the_others_stay(write, state, days):
    [message] = write("letter", "carol")
    age(message, state=state, days=days)
    assert forgetting.forget_old() == 0
    message.refresh_from_db()
    assert (message.state, message.to_address) == (state, "carol@example.org")


def test_a_dead_letter_that_nobody_dealt_with_is_dropped_and_emptied(write):
    [message] = write("note", "carol")
    Message.objects.update(last_error="554 no")
    age(message, state=State.FAILED)
    forgetting.forget_old()
    message.refresh_from_db()
    assert (message.state, message.context, message.to_address) == (State.DROPPED, {}, "")
    assert message.last_error == "554 no (dropped: nobody dealt with it)"


def test_it_goes_on_batch_after_batch_and_stops_in_time(write, monkeypatch):
    monkeypatch.setattr(forgetting, "BATCH", 2)
    messages = write("letter", *"abcde")
    age(*messages)
    monkeypatch.setattr(forgetting, "SECONDS", -1)
    assert forgetting.forget_old() == 2
    monkeypatch.setattr(forgetting, "SECONDS", 60)
    assert forgetting.forget_old() == 3
    assert forgetting.forget_old() == 0


def test_a_mail_of_a_forgotten_kind_is_emptied(write):
    [message] = write("note", "carol")
    Message.objects.update(kind="forgotten")
    age(message)
    assert forgetting.forget_old() == 1
    message.refresh_from_db()
    assert message.to_address == ""
