"""A unit of work that met somebody else's is run again, whole."""

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from lib import retry
from lib.retry import retried
from tests.petitions.racing import committed


@pytest.fixture(autouse=True)
def _hardly_any_pause(monkeypatch):
    monkeypatch.setattr(retry, "LONGEST_PAUSE", 0.02)


class Unit:
    """Fails so many times with this SQLSTATE, and counts how often it was run."""

    def __init__(self, failures, code):
        self.failures, self.code, self.runs = failures, code, 0

    def __call__(self, value):
        self.runs += 1
        if self.runs <= self.failures:
            fail_with(self.code)
        return value


def fail_with(code):
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'on purpose' USING ERRCODE = '{code}'; END $$")


def as_service(unit):
    @retried
    @transaction.atomic
    def service(value):
        return unit(value)

    return service


@committed
@pytest.mark.parametrize("code", ["55P03", "40P01", "40001"])
def test_it_runs_again_after_a_lock_a_deadlock_or_a_conflict(code):
    unit = Unit(2, code)
    assert as_service(unit)("done") == "done"
    assert unit.runs == 3


@committed
def test_it_gives_up_after_three_tries():
    unit = Unit(3, "55P03")
    with pytest.raises(OperationalError):
        as_service(unit)("never")
    assert unit.runs == 3


@committed
@pytest.mark.parametrize("code", ["57014", "57P01", "23505", "53100"])
def test_it_does_not_repeat_what_somebody_else_did_not_cause(code):
    unit = Unit(1, code)
    with pytest.raises(DatabaseError):
        as_service(unit)("never")
    assert unit.runs == 1


@committed
def test_it_runs_once_within_a_transaction_that_is_not_its_own():
    unit = Unit(1, "55P03")
    with pytest.raises(OperationalError), transaction.atomic():
        as_service(unit)("never")
    assert unit.runs == 1


@committed
def test_it_keeps_nobody_waiting_for_long(monkeypatch):
    monkeypatch.setattr(retry, "PATIENCE", 0.0)
    unit = Unit(2, "55P03")
    with pytest.raises(OperationalError):
        as_service(unit)("never")
    assert unit.runs == 1
