"""What is paused stays; what is not paused goes on; nothing pays for it with a try."""

import json
import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from outbox import claiming, pausing
from outbox.claiming import claim, longest_wait
from outbox.delivery import deliver
from outbox.kinds import UnknownKindError
from outbox.models import Lane, Message, Pause, State
from outbox.tasks import sweep
from tests.outbox.conftest import committed, make_due

BOTH = [Lane.URGENT, Lane.BULK]
FILL = """
INSERT INTO outbox_message (kind, lane, dedupe_key, to_address, language, context, message_id, due_at)
SELECT %s, 1, %s || n, 'p@example.org', 'en', '{}', '<m>', now() - interval '1 day' + n * interval '1 ms'
FROM generate_series(1, %s) AS n
"""


def standing(*messages):
    for message in messages:
        message.refresh_from_db()
    return [(message.state, message.attempts) for message in messages]


@pytest.mark.django_db
def test_a_paused_kind_waits_and_the_others_go(smtp_sink, write):
    [note], [letter] = write("note", "a"), write("letter", "b")
    pausing.pause(kind="note", reason="checking the text")
    assert deliver(BOTH) == 1
    assert standing(note, letter) == [(State.QUEUED, 0), (State.SENT, 1)]
    pausing.resume(kind="note")
    assert deliver(BOTH) == 1
    assert standing(note) == [(State.SENT, 1)]


@pytest.mark.django_db
def test_everything_waits(smtp_sink, write, bells):
    messages = [*write("note", "a"), *write("letter", "b")]
    pausing.pause(kind=pausing.EVERYTHING)
    sweep()
    assert (deliver(BOTH), bells.rung, smtp_sink.connections) == (0, [], 0)
    assert standing(*messages) == [(State.QUEUED, 0)] * 2


@pytest.mark.django_db(transaction=True, available_apps=["outbox"])
def test_resuming_rings(write, bells):
    pausing.pause(kind="note")
    [ended] = pausing.resume(kind="note")
    assert ended.kind == "note"
    assert bells.rung == ["deliver_urgent", "deliver_bulk"]
    assert pausing.resume(kind="note") == []


@pytest.mark.django_db
def test_a_pause_is_there_once_and_then_history():
    first, is_new = pausing.pause(kind="note", reason="one")
    again = pausing.pause(kind="note", reason="two")
    assert (is_new, again) == (True, (first, False))
    pausing.resume(kind="note")
    assert pausing.pause(kind="note")[1]
    assert Pause.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Pause.objects.create(kind="note")


@pytest.mark.django_db
def test_no_unknown_kind_is_paused():
    with pytest.raises(UnknownKindError):
        pausing.pause(kind="nothing")


@pytest.mark.django_db
def test_it_takes_the_kind_whose_oldest_mail_is_due_longest(write):
    late, early = write("letter", "a", "b")
    [other] = write("note", "c")
    Message.objects.filter(pk=other.pk).update(lane=Lane.BULK)
    make_due(other)
    assert [each.pk for each in claim(Lane.BULK, 2, uuid.uuid4())] == [other.pk, late.pk]
    assert [each.pk for each in claim(Lane.BULK, 2, uuid.uuid4())] == [early.pk]


@pytest.mark.django_db
def test_a_kind_that_nobody_registered_does_not_stay_behind(smtp_sink, write):
    [message] = write("note", "a")
    Message.objects.update(kind="forgotten")
    deliver(BOTH)
    assert standing(message) == [(State.QUEUED, 1)]


def blocks_read(statement):
    values = {"lane": 1, "limit": 25, "owner": uuid.uuid4(), "seconds": 120, "probing": False}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement.ready()}", values)
        found = cursor.fetchone()[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


@pytest.fixture(params=["force_custom_plan", "force_generic_plan"])
def _planned(db, request):
    """Plan what is kept for the values it is given, or once for any, on a connection of its own."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('plan_cache_mode', %s, false)", [request.param])
    yield
    connection.close()


@committed
@pytest.mark.usefixtures("_planned")
@pytest.mark.parametrize("is_analyzed", [False, True])
def test_a_long_paused_queue_costs_a_claim_nothing(is_analyzed):
    with connection.cursor() as cursor:
        cursor.execute(FILL, ["broken", "broken:", 30_000])
        cursor.execute(FILL, ["letter", "letter:", 1_000])
        if is_analyzed:
            cursor.execute("ANALYZE outbox_message")
    pausing.pause(kind="broken")
    # The paused mails alone fill more than 500 blocks.
    assert blocks_read(claiming._WAIT) < 150
    assert blocks_read(claiming._CLAIM) < 1_000
    assert {each.kind for each in claim(Lane.BULK, 25, uuid.uuid4())} == {"letter"}
    pausing.pause(kind=pausing.EVERYTHING)
    assert blocks_read(claiming._CLAIM) < 30
    assert longest_wait(Lane.BULK) is None


def refuse(write, smtp_sink, name="a"):
    [message] = write("note", name)
    smtp_sink.on_sender = ["550 5.7.1 not <hundred@localhost.localdomain>"]
    deliver(BOTH)
    return message


def let_probe_be_due():
    Pause.objects.filter(is_automatic=True).update(probe_at="2026-01-01T00:00Z")


@pytest.mark.django_db
def test_a_refused_sender_pauses_everything_and_costs_no_try(smtp_sink, write, caplog):
    message = refuse(write, smtp_sink)
    assert standing(message) == [(State.QUEUED, 0)]
    pause = Pause.objects.get()
    assert (pause.kind, pause.is_automatic) == ("", True)
    assert pause.reason == message.last_error == "550 5.7.1 not <h***@localhost.localdomain>"
    assert 25 < (pause.probe_at - pause.at).total_seconds() < 35
    assert "all mail is paused: 550" in caplog.text
    assert (deliver(BOTH), smtp_sink.connections) == (0, 1)


@pytest.mark.django_db
def test_the_rest_of_a_group_is_given_back(smtp_sink, write):
    messages = write("letter", "a", "b", "c")
    smtp_sink.on_sender = ["535 5.7.8 no longer"]
    deliver(BOTH)
    assert standing(*messages) == [(State.QUEUED, 0)] * 3
    assert not Message.objects.exclude(lease_owner=None).exists()


@pytest.mark.django_db
def test_one_mail_is_tried_and_then_all_go_by_themselves(smtp_sink, write):
    refuse(write, smtp_sink)
    write("letter", "b", "c")
    let_probe_be_due()
    assert deliver(BOTH) == 3
    assert Pause.objects.get().ended_at is not None


@pytest.mark.django_db
def test_a_refused_probe_is_the_only_mail_tried_and_the_next_one_waits_longer(smtp_sink, write):
    first = refuse(write, smtp_sink)
    [second] = write("note", "b")
    make_due(second)
    Pause.objects.update(at="2026-01-01T00:00Z", probe_at="2026-01-01T00:00Z")
    smtp_sink.on_sender = ["550 5.7.1 still not", "550 not tried"]
    assert (deliver(BOTH), smtp_sink.on_sender) == (0, ["550 not tried"])
    assert standing(first, second) == [(State.QUEUED, 0)] * 2
    pause = Pause.objects.get()
    assert (pause.reason, pause.ended_at) == ("550 5.7.1 still not", None)
    assert not pausing.is_probe_due()


@pytest.mark.django_db
def test_a_probe_takes_another_mail_than_the_one_refused_last(smtp_sink, write):
    refused, other = write("letter", "a", "b")
    make_due(refused)
    smtp_sink.on_sender = ["550 not you"]
    deliver(BOTH)
    let_probe_be_due()
    assert [each.pk for each in claim(Lane.BULK, 1, uuid.uuid4(), probing=True)] == [other.pk]


@pytest.mark.django_db
def test_the_sweep_rings_for_a_probe_only_when_it_is_due(smtp_sink, write, bells):
    refuse(write, smtp_sink)
    bells.rung.clear()
    sweep()
    assert bells.rung == []
    let_probe_be_due()
    sweep()
    assert bells.rung == ["deliver_urgent"]


@pytest.mark.django_db
def test_a_mail_that_never_reaches_the_server_ends_no_pause(smtp_sink, write):
    message = refuse(write, smtp_sink)
    Message.objects.filter(pk=message.pk).update(kind="broken")
    let_probe_be_due()
    deliver(BOTH)
    assert Pause.objects.get().ended_at is None


@pytest.mark.django_db
def test_a_refused_recipient_shows_that_the_server_listens(smtp_sink, write):
    message = refuse(write, smtp_sink)
    smtp_sink.on_recipient[message.to_address] = ["550 5.1.1 nobody"]
    let_probe_be_due()
    deliver(BOTH)
    assert Pause.objects.get().ended_at is not None


@pytest.mark.django_db
def test_nothing_is_tried_against_a_persons_pause(smtp_sink, write):
    refuse(write, smtp_sink)
    pausing.pause(kind=pausing.EVERYTHING, reason="moving house")
    let_probe_be_due()
    assert (deliver(BOTH), smtp_sink.connections) == (0, 1)


@committed
def test_one_of_many_workers_takes_the_probe(smtp_sink, write):
    refuse(write, smtp_sink)
    let_probe_be_due()
    got, barrier = [], threading.Barrier(6)

    def work():
        barrier.wait(timeout=10)
        got.append(pausing.take_probe())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert sorted(got) == [False] * 5 + [True]
