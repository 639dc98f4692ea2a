import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now

from lib import audit, health
from outbox import pausing, suppressing
from outbox.delivery import claim, deliver
from outbox.models import Beat, Lane, Message, State, Suppression
from outbox.monitoring import (
    find_kept_addresses,
    find_kept_secrets,
    find_mails_to_suppressed,
    find_stuck,
    find_untimed,
    read_beat,
    read_outbox,
)
from outbox.tasks import beat, sweep
from tests.outbox.conftest import end_lease, make_due

pytestmark = pytest.mark.django_db


def test_a_sweep_rings_for_lanes_in_which_mail_waits(write, bells):
    sweep()
    assert bells.rung == []
    write("letter", "a")
    sweep()
    assert bells.rung == ["deliver_bulk"]
    write("note", "b")
    sweep()
    assert bells.rung == ["deliver_bulk", "deliver_urgent", "deliver_bulk"]


def test_a_sweep_finds_the_mails_of_a_vanished_sender(write, bells):
    [message] = write("note", "a")
    claim(Lane.URGENT, 1, uuid.uuid4())
    sweep()
    assert bells.rung == []
    end_lease(message)
    sweep()
    assert bells.rung == ["deliver_urgent"]


def test_a_beat_leaves_one_row_with_the_last_time():
    beat()
    first = Beat.objects.get().at
    beat()
    assert Beat.objects.get().at >= first
    assert abs((Beat.objects.get().at - datetime.now(UTC)).total_seconds()) < 60


def test_readiness_knows_when_the_beat_was_last_heard():
    assert not read_beat().ok
    beat()
    assert read_beat() == health.Reading(ok=True, figures={"age_seconds": 0})
    Beat.objects.update(at="2026-01-01T00:00Z")
    assert not read_beat().ok


def test_readiness_knows_how_long_mail_waits_and_what_was_given_up(write):
    calm = {"lag_seconds": 0, "bulk_lag_seconds": 0, "dead_letters": 0, "paused": None}
    assert read_outbox() == health.Reading(ok=True, figures=calm)
    waiting, dead = write("note", "a", "b")
    make_due(waiting)
    Message.objects.filter(pk=dead.pk).update(state=State.FAILED)
    reading = read_outbox()
    assert not reading.ok
    assert not reading.essential
    assert reading.figures["lag_seconds"] > 60
    assert reading.figures["dead_letters"] == 1


def test_the_audit_finds_what_is_stuck(write):
    [message] = write("note", "a")
    claim(Lane.URGENT, 1, uuid.uuid4())
    assert list(find_stuck()) == []
    end_lease(message)
    assert list(find_stuck()) == [f"mail {message.pk} (note) has been stuck since 2026-01-01 00:00:00"]


@pytest.mark.parametrize("kind", ["", "note"])
def test_what_waits_behind_a_pause_is_not_stuck(write, kind):
    write("note", "a")
    [message] = claim(Lane.URGENT, 1, uuid.uuid4())
    end_lease(message)
    pausing.pause(kind=kind)
    assert list(find_stuck()) == []


def test_the_audit_finds_secrets_that_were_kept(write, smtp_sink):
    [message] = write("note", "a")
    deliver([Lane.URGENT])
    assert list(find_kept_secrets()) == []
    Message.objects.update(context={"code": "123"})
    assert list(find_kept_secrets()) == [f"mail {message.pk} (note) still holds a secret"]
    assert list(find_untimed()) == []


def test_readiness_and_audit_are_registered():
    assert {"outbox", "beat"} <= set(health.read())
    assert sum(name.startswith("outbox:") for name, _ in audit._checks) == 5


def test_readiness_says_what_is_paused_and_warns_when_it_is_everything(write):
    pausing.pause(kind="letter", reason="checking")
    assert (read_outbox().ok, read_outbox().figures["paused"]) == (True, "letter")
    pausing.pause_by_itself(answer="535 wrong password")
    assert (read_outbox().ok, read_outbox().figures["paused"]) == (False, "everything, letter")


def test_a_paused_kind_is_not_late(write):
    make_due(*write("note", "a"))
    assert not read_outbox().ok
    pausing.pause(kind="note")
    assert read_outbox().ok


def test_bulk_mail_may_take_an_hour(write):
    [message] = write("letter", "a")
    Message.objects.update(due_at=Now() - timedelta(minutes=50))
    assert read_outbox().ok
    assert read_outbox().figures["bulk_lag_seconds"] == 3000
    make_due(message)
    assert not read_outbox().ok


def test_the_audit_finds_bulk_mail_to_an_address_that_came_back(write, smtp_sink):
    [_early, late] = write("letter", "carol", "dave")
    deliver([Lane.BULK])
    suppressing.suppress(message=late, answer="550 5.1.1 nobody")
    assert list(find_mails_to_suppressed()) == []
    Suppression.objects.update(at=Now() - timedelta(hours=1))
    assert list(find_mails_to_suppressed()) == [
        f"mail {late.pk} (letter) went to an address that had come back"
    ]


def test_the_audit_finds_old_addresses(write, smtp_sink):
    write("note", "a")
    deliver([Lane.URGENT])
    Message.objects.update(created_at=Now() - timedelta(days=91))
    assert list(find_kept_addresses()) == []
    Message.objects.update(created_at=Now() - timedelta(days=93))
    assert len(list(find_kept_addresses())) == 1
