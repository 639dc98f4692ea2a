"""What the mail server may do to us, with a real one doing it."""

import smtplib
import socket
import threading
import time
from datetime import UTC, datetime

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError

from outbox import delivery, kinds, smtp, verdicts
from outbox.delivery import deliver
from outbox.kinds import Kind
from outbox.models import Lane, Message, State
from tests.outbox.conftest import make_due

pytestmark = pytest.mark.django_db


def seconds_until_due(message):
    message.refresh_from_db()
    return (message.due_at - datetime.now(UTC)).total_seconds()


@pytest.mark.parametrize("where", ["on_sender", "on_recipient", "on_data"])
def test_a_temporary_refusal_is_tried_again_later(smtp_sink, write, where):
    [message] = write("note", "carol")
    answers = (
        smtp_sink.on_recipient["carol@example.org"] if where == "on_recipient" else getattr(smtp_sink, where)
    )
    answers.append("451 4.3.0 try carol@example.org later")
    assert deliver([Lane.URGENT]) == 0
    assert 7 < seconds_until_due(message) < 12
    assert (message.state, message.attempts) == (State.QUEUED, 1)
    assert message.last_error == "451 4.3.0 try c***@example.org later"
    assert not message.maybe_duplicate
    make_due(message)
    assert deliver([Lane.URGENT]) == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == (State.SENT, 2, "")


def test_the_waits_grow_to_about_two_days(smtp_sink, write):
    [message] = write("note", "carol")
    smtp_sink.on_recipient["carol@example.org"] = ["450 later"] * 4
    waits = []
    for _ in range(4):
        make_due(message)
        deliver([Lane.URGENT])
        waits.append(seconds_until_due(message))
    for wait, delay in zip(waits, [10, 30, 120, 600], strict=True):
        assert 0.85 * delay - 2 < wait < 1.15 * delay
    assert 46 * 3600 < sum(verdicts.DELAYS) < 50 * 3600


def test_it_gives_up_after_the_last_try(smtp_sink, write):
    [message] = write("note", "carol")
    Message.objects.update(attempts=verdicts.ATTEMPTS - 1)
    smtp_sink.on_recipient["carol@example.org"] = ["450 later"]
    deliver([Lane.URGENT])
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.FAILED, verdicts.ATTEMPTS)
    assert message.last_error == "450 later"


def test_it_gives_up_a_mail_at_which_every_sender_died(smtp_sink, write):
    [message] = write("note", "carol")
    Message.objects.update(attempts=verdicts.ATTEMPTS)
    deliver([Lane.URGENT])
    message.refresh_from_db()
    assert (message.state, smtp_sink.mails) == (State.FAILED, [])


@pytest.mark.parametrize("code", [550, 552, 554])
@pytest.mark.parametrize("where", ["on_recipient", "on_data"])
def test_a_final_refusal_makes_a_dead_letter_and_touches_nobody_else(smtp_sink, write, code, where):
    dead, other = write("letter", "a-dead", "b-fine")
    answers = smtp_sink.on_recipient["a-dead@example.org"] if where == "on_recipient" else smtp_sink.on_data
    answers.append(f"{code} 5.1.1 <a-dead@example.org>: no such person")
    assert deliver([Lane.BULK]) == 1
    dead.refresh_from_db()
    other.refresh_from_db()
    assert (dead.state, dead.attempts, other.state) == (State.FAILED, 1, State.SENT)
    assert dead.last_error == f"{code} 5.1.1 <a***@example.org>: no such person"
    assert smtp_sink.connections == 1


def test_a_sender_refused_for_now_stops_the_run(smtp_sink, write):
    first, second = write("letter", "a", "b")
    smtp_sink.on_sender = ["450 not so fast"]
    assert deliver([Lane.BULK]) == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.attempts) == (State.QUEUED, 1)
    assert (second.state, second.attempts, second.lease_owner) == (State.QUEUED, 0, None)


def test_a_mail_too_big_for_the_server_is_a_dead_letter(smtp_sink, write):
    [message] = write("note", "carol")
    smtp_sink.on_sender = ["552 too big"]
    deliver([Lane.URGENT])
    message.refresh_from_db()
    assert message.state == State.FAILED


def test_a_server_that_closes_is_left_alone(smtp_sink, write):
    write("letter", "a", "b")
    smtp_sink.on_recipient["a@example.org"] = ["421 closing"]
    deliver([Lane.BULK])
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 1]
    assert deliver([Lane.BULK]) == 1


def test_no_server_at_all_costs_one_mail_one_try(settings, write, smtp_sink):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_PORT = server.getsockname()[1]
    first, second = write("letter", "a", "b")
    assert deliver([Lane.BULK]) == 0
    assert 7 < seconds_until_due(first) < 12
    assert first.last_error.startswith("no connection: ConnectionRefusedError")
    second.refresh_from_db()
    assert (second.attempts, second.lease_owner) == (0, None)


def test_a_connection_lost_after_the_text_is_flagged(smtp_sink, write):
    lost, other = write("letter", "a", "b")
    smtp_sink.drops_after_data = 1
    assert deliver([Lane.BULK]) == 1
    lost.refresh_from_db()
    other.refresh_from_db()
    assert (lost.state, lost.maybe_duplicate) == (State.QUEUED, True)
    assert (other.state, other.maybe_duplicate) == (State.SENT, False)
    make_due(lost)
    assert deliver([Lane.BULK]) == 1
    twice = smtp_sink.to("a@example.org")
    assert len({mail["Message-ID"] for mail in twice}) == 1
    assert len(twice) == 2
    lost.refresh_from_db()
    assert lost.maybe_duplicate


def test_a_server_that_hangs_up_between_mails_is_called_again(smtp_sink, write, monkeypatch):
    smtp_sink.hangs_up_after = 2
    original = delivery._Delivery._try
    monkeypatch.setattr(delivery._Delivery, "_try", lambda *args: (time.sleep(0.1), original(*args))[1])
    write("letter", *"abcde")
    assert deliver([Lane.BULK]) == 5
    assert smtp_sink.connections == 3
    assert set(Message.objects.values_list("attempts", "maybe_duplicate")) == {(1, False)}


def test_a_mail_that_cannot_be_made_harms_no_other(smtp_sink, write):
    [poison] = write("broken", "a")
    [fine] = write("note", "b")
    assert deliver([Lane.URGENT]) == 1
    assert 7 < seconds_until_due(poison) < 12
    assert poison.last_error.startswith("the mail could not be made: TemplateDoesNotExist")
    Message.objects.filter(pk=poison.pk).update(attempts=verdicts.POISON_ATTEMPTS - 1)
    make_due(poison)
    deliver([Lane.URGENT])
    poison.refresh_from_db()
    fine.refresh_from_db()
    assert (poison.state, fine.state) == (State.FAILED, State.SENT)


def test_the_reason_of_a_poisoned_mail_repeats_none_of_its_values(smtp_sink, write):
    def explode(message):
        raise ValueError(message.context["code"])

    kinds.register(Kind("odd", "trial/note", still_wanted=explode))
    [message] = write("odd", "carol")
    deliver([Lane.URGENT])
    message.refresh_from_db()
    assert "ValueError at test_faults.py" in message.last_error
    assert "123" not in message.last_error


def test_a_mail_that_cannot_be_put_on_the_wire_harms_no_other(smtp_sink, write):
    kinds.register(
        Kind("odd", "trial/letter", "bulk", bulk=True, unsubscribe_url=lambda _: "https://x\nBcc: a@b")
    )
    [odd] = write("odd", "a")
    write("letter", "b")
    assert deliver([Lane.BULK]) == 1
    odd.refresh_from_db()
    assert (odd.state, odd.attempts) == (State.QUEUED, 1)
    assert "BadHeaderError" in odd.last_error


@pytest.mark.parametrize("fault", [SoftTimeLimitExceeded, OperationalError, SystemExit])
def test_a_run_cut_short_records_what_it_did_and_gives_back_the_rest(smtp_sink, write, fault):
    def cut(message):
        if message.to_address.startswith("b"):
            raise fault
        return True

    kinds._kinds["letter"] = Kind(**{**vars(kinds.get("letter")), "still_wanted": cut})
    done, hit, rest = write("letter", "a", "b", "c")
    with pytest.raises(fault):
        deliver([Lane.BULK])
    for message in (done, hit, rest):
        message.refresh_from_db()
    assert (done.state, hit.state, rest.state) == (State.SENT, State.QUEUED, State.QUEUED)
    assert [hit.attempts, rest.attempts] == [1, 0]
    assert [hit.lease_owner, rest.lease_owner] == [None, None]
    assert not hit.maybe_duplicate


def test_a_run_cut_short_between_text_and_answer_flags_the_mail(smtp_sink, write, monkeypatch):
    real = smtplib.SMTP.getreply

    def cut(self):
        if self.text_given and self.sent_text:
            raise SoftTimeLimitExceeded
        return real(self)

    class Cut(smtp._Watched):
        sent_text = False

        def send(self, s):
            self.sent_text = len(s) > 200
            super().send(s)

    monkeypatch.setattr(Cut, "getreply", cut)
    monkeypatch.setattr(smtp, "_Watched", Cut)
    [message] = write("note", "carol")
    with pytest.raises(SoftTimeLimitExceeded):
        deliver([Lane.URGENT])
    message.refresh_from_db()
    assert (message.maybe_duplicate, message.last_error) == (True, "interrupted")


@pytest.fixture
def tarpit():
    """Run a server that greets a byte at a time and never gets to the end."""
    server = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def drip():
        connection, _ = server.accept()
        with connection:
            while not stop.wait(0.1):
                try:
                    connection.sendall(b"2")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    yield server.getsockname()[1]
    stop.set()
    thread.join()
    server.close()


def test_a_server_that_drips_is_hung_up_on(settings, smtp_sink, write, tarpit, monkeypatch):
    monkeypatch.setattr(smtp, "CONVERSATION_SECONDS", 0.5)
    settings.EMAIL_PORT = tarpit
    [message] = write("note", "carol")
    began = time.monotonic()
    assert deliver([Lane.URGENT]) == 0
    assert time.monotonic() - began < 3
    message.refresh_from_db()
    assert (message.state, message.attempts, message.maybe_duplicate) == (State.QUEUED, 1, False)
