"""How a connection that waited is found to be alive: by a look at the line, and by asking only where something came."""

import pytest
from django.db import close_old_connections, connection

from lib.postgres.base import DatabaseWrapper, is_quiet
from tests.embedded.launching import until
from tests.petitions.racing import committed

pytestmark = committed


def backend():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def from_outside(sql, *values):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(sql, values)
    other.close()


@pytest.fixture
def questions(monkeypatch):
    """Return what the server was asked only to see whether it is there."""
    asked, real = [], DatabaseWrapper.is_usable

    def is_usable(wrapper):
        asked.append(wrapper.alias)
        return real(wrapper)

    monkeypatch.setattr(DatabaseWrapper, "is_usable", is_usable)
    return asked


@pytest.fixture
def line():
    """Return our connection, between two requests; a new one, for one that is too old would be replaced anyway."""
    connection.close()
    before = backend()
    close_old_connections()
    return before


def test_a_quiet_line_is_believed_without_a_round_trip(line, questions):
    assert is_quiet(connection.connection)
    assert backend() == line
    assert questions == []


def test_a_session_that_was_ended_is_replaced_before_anybody_notices(line):
    from_outside("SELECT pg_terminate_backend(%s)", line)
    until(lambda: not is_quiet(connection.connection), "the end is heard", 5)
    assert backend() != line


def test_a_connection_that_was_closed_is_replaced(line):
    connection.connection.close()
    assert not is_quiet(connection.connection)
    assert backend() != line


def test_what_is_no_end_is_asked_about_and_the_connection_stays(line, questions):
    with connection.cursor() as cursor:
        cursor.execute("LISTEN news")
    close_old_connections()
    from_outside("NOTIFY news")
    until(lambda: not is_quiet(connection.connection), "the news has come", 5)
    assert backend() == line
    assert questions == ["default"]


def test_no_connection_is_not_a_quiet_one():
    connection.close()
    assert not is_quiet(connection.connection)
    assert backend()
