"""Dead letters: sent again as they were, or dropped."""

import uuid

import pytest

from outbox import deciding, kinds, suppressing
from outbox.claiming import claim
from outbox.delivery import deliver
from outbox.kinds import Kind
from outbox.models import Lane, Message, State

pytestmark = pytest.mark.django_db


def die(*messages, **facts):
    Message.objects.filter(pk__in=[each.pk for each in messages]).update(state=State.FAILED, **facts)
    for message in messages:
        message.refresh_from_db()


def test_it_goes_again_as_it_was(smtp_sink, write):
    [message] = write("note", "carol")
    smtp_sink.on_data = ["554 not today"]
    deliver([Lane.URGENT])
    message.refresh_from_db()
    assert message.state == State.FAILED
    assert deciding.resend(message=message)
    assert deliver([Lane.URGENT]) == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, message.maybe_duplicate) == (State.SENT, 1, False)
    assert smtp_sink.mails[0]["Message-ID"] == message.message_id
    assert "123 456" in smtp_sink.mails[0].get_body(("plain",)).get_content()


def test_it_stays_marked_where_an_earlier_try_may_have_arrived(write):
    [message] = write("note", "carol")
    die(message, maybe_duplicate=True, attempts=53)
    assert deciding.resend(message=message)
    message.refresh_from_db()
    assert (message.state, message.attempts, message.maybe_duplicate) == (State.QUEUED, 0, True)


def test_a_code_that_ran_out_is_of_no_use(write):
    kinds.register(Kind("stale", "trial/note", secrets=("code",), still_wanted=lambda _: False))
    [message] = write("stale", "carol")
    die(message)
    assert "has run out" in deciding.why_not_resend(message)
    assert not deciding.resend(message=message)


def test_a_code_that_is_gone_is_of_no_use(write):
    [message] = write("note", "carol", context={"code": "", "name": "Carol"})
    die(message)
    assert deciding.why_not_resend(message) == "Its code or link is gone."


def test_bulk_mail_to_an_address_that_came_back_is_of_no_use(write):
    [message] = write("letter", "carol")
    die(message)
    suppressing.suppress(message=message, answer="550")
    assert "lift that first" in deciding.why_not_resend(message)


def test_one_that_cannot_be_judged_is_left(write, caplog):
    def explode(_message):
        raise KeyError("signature")

    kinds.register(Kind("odd", "trial/note", still_wanted=explode))
    [message] = write("odd", "carol")
    die(message)
    assert deciding.why_not_resend(message)
    Message.objects.update(kind="forgotten")
    message.refresh_from_db()
    assert "no longer has this kind" in deciding.why_not_resend(message)


def test_only_dead_letters_go_again(write):
    [message] = write("note", "carol")
    assert not deciding.resend(message=message)
    die(message)
    assert deciding.resend(message=message)
    stale = message
    assert not deciding.resend(message=stale)


@pytest.mark.parametrize("is_dead", [True, False])
def test_dropping_takes_the_secrets_and_keeps_the_answer(write, is_dead):
    [message] = write("note", "carol")
    if is_dead:
        die(message, last_error="554 no")
    assert deciding.drop(message=message)
    message.refresh_from_db()
    assert (message.state, message.context["code"]) == (State.DROPPED, "")
    assert message.last_error == ("554 no" if is_dead else "")
    assert not deciding.drop(message=message)


def test_what_is_being_sent_is_not_dropped(write):
    write("note", "carol")
    [message] = claim(Lane.URGENT, 1, uuid.uuid4())
    assert deciding.why_not_drop(message) == "It is being sent at this moment."
    assert not deciding.drop(message=message)


def test_a_mail_of_a_forgotten_kind_is_dropped_with_all_it_holds(write):
    [message] = write("note", "carol")
    Message.objects.update(kind="forgotten")
    message.refresh_from_db()
    assert deciding.drop(message=message)
    message.refresh_from_db()
    assert message.context == {}
