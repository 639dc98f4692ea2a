"""Addresses that came back."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from outbox import kinds, suppressing
from outbox.delivery import deliver
from outbox.forgetting import forget_old
from outbox.kinds import Kind
from outbox.models import Lane, Message, State, Suppression

pytestmark = pytest.mark.django_db
BOTH = [Lane.URGENT, Lane.BULK]
CAROL = "carol@example.org"


def _all(messages):
    return {each.pk for each in messages}


def bounce(write, smtp_sink, answer="550 5.1.1 <carol@example.org>: nobody"):
    [message] = write("note", "carol")
    smtp_sink.on_recipient[CAROL] = [answer]
    deliver(BOTH)
    return message


def test_an_address_that_came_back_is_kept_with_the_answer(smtp_sink, write):
    message = bounce(write, smtp_sink)
    row = Suppression.objects.get()
    assert (row.address, row.kind, row.times) == (CAROL, "note", 1)
    assert row.answer == "550 5.1.1 <c***@example.org>: nobody"
    message.refresh_from_db()
    assert message.state == State.FAILED


@pytest.mark.parametrize("answer", ["552 5.2.2 full", "554 5.7.1 spam", "450 4.1.1 later"])
def test_other_refusals_suppress_nobody(smtp_sink, write, answer):
    bounce(write, smtp_sink, answer)
    assert not Suppression.objects.exists()


def test_bulk_mail_there_is_dropped_and_says_why(smtp_sink, write):
    bounce(write, smtp_sink)
    hers, other = write("letter", "carol", "dave")
    assert deliver(BOTH) == 1
    hers.refresh_from_db()
    other.refresh_from_db()
    assert (hers.state, other.state) == (State.DROPPED, State.SENT)
    assert hers.last_error == "an earlier mail to this address came back"
    assert smtp_sink.to(CAROL) == []


def test_another_spelling_is_the_same_mailbox(smtp_sink, write):
    [message] = write("note", "x")
    Message.objects.filter(pk=message.pk).update(to_address="Carol.Singer+a@googlemail.com")
    message.refresh_from_db()
    suppressing.suppress(message=message, answer="550")
    assert suppressing.is_suppressed("carolsinger@gmail.com")


def test_the_second_bulk_mail_of_a_group_is_not_tried(smtp_sink, write):
    _first, second = write("letter", "carol", "d")
    Message.objects.filter(pk=second.pk).update(to_address=CAROL)
    smtp_sink.on_recipient[CAROL] = ["550 5.1.1 nobody"]
    deliver(BOTH)
    assert sorted(Message.objects.values_list("state", flat=True)) == [State.DROPPED, State.FAILED]


def test_it_is_not_tried_either_where_the_group_was_asked_about_at_once(smtp_sink, write):
    kinds._kinds["letter"] = Kind(**{**vars(kinds.get("letter")), "wanted_among": _all})
    test_the_second_bulk_mail_of_a_group_is_not_tried(smtp_sink, write)


def test_those_that_came_back_are_found_together(smtp_sink, write):
    bounce(write, smtp_sink)
    spellings = ["Carol@example.org", "dave@example.org", CAROL]
    assert suppressing.suppressed_among(spellings) == {"Carol@example.org", CAROL}


def test_who_asks_again_gets_a_try_and_is_lifted_when_it_arrives(smtp_sink, write):
    bounce(write, smtp_sink)
    [again] = write("note", "again")
    Message.objects.filter(pk=again.pk).update(to_address="Carol@example.org")
    assert deliver(BOTH) == 1
    assert not Suppression.objects.exists()
    write("letter", "carol")
    assert deliver(BOTH) == 1


def test_a_try_that_fails_is_counted(smtp_sink, write):
    bounce(write, smtp_sink)
    Message.objects.update(state=State.QUEUED)
    smtp_sink.on_recipient[CAROL] = ["550 5.2.1 closed"]
    deliver(BOTH)
    row = Suppression.objects.get()
    assert (row.times, row.answer) == (2, "550 5.2.1 closed")


def test_it_is_forgotten_after_a_year(smtp_sink, write):
    bounce(write, smtp_sink)
    Suppression.objects.update(at=Now() - timedelta(days=364))
    forget_old()
    assert suppressing.is_suppressed(CAROL)
    Suppression.objects.update(at=Now() - timedelta(days=366))
    forget_old()
    assert not suppressing.is_suppressed(CAROL)


def test_an_address_that_can_not_be_read_is_compared_as_it_is():
    assert suppressing.key_of(" Carol@exa..mple ") == "carol@exa..mple"
