"""What an error of the real server means."""

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from lib import faults


def error(code):
    statement = f"DO $$ BEGIN RAISE EXCEPTION 'on purpose' USING ERRCODE = '{code}'; END $$"
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return raised.value


@pytest.mark.parametrize(
    "code", ["53100", "53300", "25006", "25P03", "57014", "57P01", "57P03", "55P03", "40P01"]
)
def test_a_server_that_cannot_serve_is_an_outage(db, code):
    assert faults.is_outage(error(code))


@pytest.mark.parametrize("code", ["23505", "23514", "22001", "42P01", "25P02"])
def test_wrong_data_and_wrong_statements_are_not(db, code):
    assert not faults.is_outage(error(code))


def test_only_what_somebody_else_caused_passes(db):
    codes = ["55P03", "40P01", "40001", "57014", "53100"]
    assert [code for code in codes if faults.is_passing(error(code))] == ["55P03", "40P01", "40001"]


def test_a_line_in_the_log_says_what_but_no_data(db):
    assert faults.in_short(error("53100")) == "OperationalError 53100"


def test_a_line_that_broke_in_the_middle_of_an_answer_is_an_outage():
    """Psycopg2 gives it no kind and no code; Django has a plain error of its own, which is none."""
    broken = DatabaseError("server closed the connection unexpectedly")
    broken.__cause__ = psycopg2.DatabaseError(str(broken))
    assert faults.is_outage(broken)
    assert not faults.is_outage(DatabaseError("Save with update_fields did not affect any rows."))
