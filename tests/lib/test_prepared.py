"""A statement that a connection plans once, and sends whole where a pooler lends connections."""

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from lib.prepared import Prepared
from tests.petitions.racing import at_once, committed

TWICE = Prepared(
    "twice", "SELECT %(word)s::text || %(word)s::text, %(number)s::int WHERE %(number)s::int > 0"
)
CLAIM = Prepared(
    "claim",
    "INSERT INTO django_session (session_key, session_data, expire_date)"
    " VALUES (%(key)s::text, '', now()) RETURNING session_key",
)
COUNTED = Prepared("counted", "SELECT n FROM generate_series(1, %(most)s::int) n")
FOUND = Prepared("found", "SELECT session_data FROM django_session WHERE session_key = %(key)s")
PLANNED = "SELECT count(*) FROM pg_prepared_statements WHERE name = %s"


def planned(name):
    with connection.cursor() as cursor:
        cursor.execute(PLANNED, [name])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("word", ["a", "o'clock", "100 %", "%(number)s", "\\", "ü"])
def test_it_gives_the_row_for_these_values(db, word):
    assert TWICE.row({"word": word, "number": 7, "more": "is ignored"}) == (word * 2, 7)


def test_it_says_where_there_is_none(db):
    assert TWICE.row({"word": "a", "number": 0}) is None


def test_it_gives_all_rows(db):
    assert COUNTED.rows({"most": 3}) == [(1,), (2,), (3,)]
    assert COUNTED.rows({"most": 0}) == []


def test_a_connection_plans_it_once_and_the_next_one_again(db):
    for number in range(3):
        TWICE.row({"word": "a", "number": number})
    assert planned("twice") == 1


def test_what_is_planned_while_a_table_is_empty_is_good_for_a_full_one(db):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE django_session")
        # After some times it is planned for good.
        assert [FOUND.row({"key": "a"}) for _ in range(8)] == [None] * 8
        cursor.execute("EXPLAIN EXECUTE found ('a')")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT current_setting('enable_seqscan'), current_setting('plan_cache_mode')")
        assert cursor.fetchone() == ("on", "auto")
    assert "$1" in plan
    assert "Seq Scan" not in plan


@committed
def test_a_new_connection_plans_it_anew():
    TWICE.row({"word": "a", "number": 1})
    connection.close()
    assert planned("twice") == 0
    assert TWICE.row({"word": "a", "number": 1}) == ("aa", 1)
    assert planned("twice") == 1


@committed
def test_each_thread_has_its_own():
    rows = at_once(*(lambda: TWICE.row({"word": "b", "number": 2}) for _ in range(4)))
    assert rows == [("bb", 2)] * 4


@committed
def test_behind_a_pooler_nothing_stays_on_a_connection(monkeypatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert TWICE.row({"word": "100 %", "number": 1}) == ("100 %100 %", 1)
    assert planned("twice") == 0


def test_its_faults_are_django_s(db):
    CLAIM.row({"key": "one"})
    with pytest.raises(IntegrityError), transaction.atomic():
        CLAIM.row({"key": "one"})
    with pytest.raises(DataError), transaction.atomic():
        CLAIM.row({"key": "x" * 41})
    assert CLAIM.row({"key": "two"}) == ("two",)


def test_it_is_planned_also_where_the_transaction_is_undone(db):
    with transaction.atomic():
        CLAIM.row({"key": "one"})
        transaction.set_rollback(True)
    assert CLAIM.row({"key": "one"}) == ("one",)
