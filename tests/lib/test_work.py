"""A worker's connection to the database: kept from task to task, and given up when it broke or grew old."""

import time

import pytest
from django.db import connection

from config.celery import app
from lib.work import Work
from tests.petitions.racing import committed

BACKEND = "SELECT pg_backend_pid()"
BREAK = "SELECT pg_terminate_backend(pg_backend_pid())"


def ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.fixture
def tick():
    """Return what runs a statement as a task, in this process and as a worker would."""
    task = type("Tick", (Work,), {"name": "tick", "run": staticmethod(ask)})()
    task.bind(app)

    def run(statement):
        task.push_request(called_directly=False)
        try:
            return task(statement)
        finally:
            task.pop_request()

    yield run
    connection.close()


@committed
def test_one_connection_serves_one_task_after_the_other(tick):
    assert len({tick(BACKEND) for _ in range(3)}) == 1


@committed
def test_what_broke_serves_none_any_more(tick):
    before = tick(BACKEND)
    assert tick(BREAK) is None
    assert tick(BACKEND) not in (before, None)


@committed
def test_an_old_one_is_given_up(tick):
    before = tick(BACKEND)
    connection.close_at = time.monotonic()
    assert tick(BACKEND) != before
