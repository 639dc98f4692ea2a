"""What takes long stands in the queue of bulk mail; nothing that somebody waits for does."""

import pytest
from celery.fixups.django import DjangoWorkerFixup

from config.celery import BULK, URGENT, app
from config.schedule import BEAT_SCHEDULE

LONG = {"petitions.tasks.audit", "signatures.tasks.purge"}


@pytest.mark.parametrize("task", sorted(each["task"] for each in BEAT_SCHEDULE.values()))
def test_only_what_takes_long_is_kept_from_the_urgent(task: str):
    assert app.amqp.router.route({}, task)["queue"].name == (BULK if task in LONG else URGENT)


def test_mail_to_many_is_kept_from_the_urgent():
    assert app.amqp.router.route({}, "outbox.tasks.deliver_bulk")["queue"].name == BULK
    assert app.amqp.router.route({}, "outbox.tasks.deliver_urgent")["queue"].name == URGENT


def test_celery_leaves_the_connection_to_the_database_to_the_tasks():
    # It closes it twice for each task, and every so many tasks where it is told how many.
    assert DjangoWorkerFixup(app).db_reuse_max >= app.conf.worker_max_tasks_per_child
