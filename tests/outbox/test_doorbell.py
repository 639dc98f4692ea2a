import logging
import socket
import time
from contextlib import closing

import pytest
from celery import Celery, current_app
from django.db import transaction

from outbox import doorbell
from outbox.models import Lane, Message
from outbox.post import post
from tests.embedded.launching import until
from tests.outbox.conftest import committed

# What the breaker saves: each of these would cost every request half a second.
QUICK = 0.05


def post_note(key="note:1", kind="note"):
    return post(kind=kind, to="carol@example.org", language="en", context={}, dedupe_key=key)


@committed
def test_it_rings_once_after_the_commit(bells):
    with transaction.atomic():
        post_note("note:1")
        with transaction.atomic():
            post_note("note:2")
        post_note("note:3")
        assert bells.rung == []
    assert bells.rung == ["deliver_urgent"]


@committed
def test_it_rings_for_each_lane(bells):
    with transaction.atomic():
        post_note("note:1")
        post_note("letter:1", "letter")
    assert bells.rung == ["deliver_urgent", "deliver_bulk"]


@committed
def test_it_rings_for_what_is_posted_after_a_part_was_rolled_back(bells):
    with transaction.atomic():
        with transaction.atomic():
            post_note("note:1")
            transaction.set_rollback(True)
        post_note("note:2")
    assert bells.rung == ["deliver_urgent"]


@committed
def test_many_who_commit_at_once_are_two_bells(monkeypatch, bells):
    """The first rings at once; the second one, a moment later, is for all the others."""
    monkeypatch.setattr(doorbell, "TOGETHER_SECONDS", 0.3)
    monkeypatch.setattr(doorbell, "_RINGS", {lane: doorbell._Hand(lane).ring for lane in Lane})
    for number in range(10):
        post_note(f"note:{number}")
    post_note("letter:1", "letter")
    assert bells.rung == ["deliver_urgent", "deliver_bulk"]
    until(lambda: len(bells.rung) == 3, "the second bell", 5)
    assert bells.rung[2] == "deliver_urgent"


@committed
def test_it_stays_silent_when_nothing_was_written(bells):
    with transaction.atomic():
        post_note()
        transaction.set_rollback(True)
    post_note()
    bells.rung.clear()
    assert not post_note()
    assert bells.rung == []


def broken_app(url: str) -> Celery:
    """Return our Celery, but for the broker's address."""
    app = Celery("elsewhere", set_as_current=False)
    app.conf.update(dict(current_app.conf.changes))
    app.conf.update(broker_url=url)
    return app


@pytest.fixture
def silent_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return server.getsockname()[1]


def assert_quiet_and_quick(caplog, longest):
    began = time.monotonic()
    with caplog.at_level(logging.WARNING):
        post_note()
    assert time.monotonic() - began < longest
    assert Message.objects.count() == 1
    assert "doorbell not heard" in caplog.text
    assert "carol" not in caplog.text
    began = time.monotonic()
    assert not doorbell.ring(Lane.URGENT)
    assert time.monotonic() - began < QUICK


@committed
def test_a_broker_that_is_away_costs_no_mail_and_no_time(monkeypatch, closed_port, caplog):
    monkeypatch.setattr(doorbell, "current_app", broken_app(f"redis://127.0.0.1:{closed_port}/0"))
    assert_quiet_and_quick(caplog, 1.0)


@committed
def test_a_broker_that_never_answers_costs_little_time_and_only_once(monkeypatch, silent_port, caplog):
    monkeypatch.setattr(doorbell, "current_app", broken_app(f"redis://127.0.0.1:{silent_port}/0"))
    assert_quiet_and_quick(caplog, 2.0)


def test_it_asks_the_broker_again_after_a_while(monkeypatch, bells):
    doorbell.breaker.trip()
    assert not doorbell.ring(Lane.BULK)
    later = time.monotonic() + doorbell.QUIET_SECONDS + 1
    monkeypatch.setattr(doorbell.time, "monotonic", lambda: later)
    assert doorbell.ring(Lane.BULK)
    assert bells.rung == ["deliver_bulk"]
