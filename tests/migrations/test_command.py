"""`manage.py migrate` waits for nobody for long, and says whom it waits for."""

from io import StringIO
from threading import Event, Timer

import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connection, transaction

from lib.management.commands import migrate
from tests.petitions.racing import at_once, committed

pytestmark = committed
LOCK = "SET LOCAL lock_timeout = '100ms'; LOCK TABLE petitions_topic IN ACCESS EXCLUSIVE MODE"


@pytest.fixture(autouse=True)
def _quickly(monkeypatch):
    monkeypatch.setattr(migrate, "PAUSE", 0.02)


@pytest.fixture
def works_on(monkeypatch):
    """Let Django's own command run these statements instead of migrations."""

    def work(statements):
        def handle(self, *args, **options):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statements)

        monkeypatch.setattr(Migrate, "handle", handle)

    return work


def migrate_beside_somebody_who_holds(seconds):
    is_held, let_go, said = Event(), Event(), StringIO()

    def hold():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE petitions_topic IN ACCESS SHARE MODE")
            is_held.set()
            assert let_go.wait(30)

    def run():
        assert is_held.wait(10)
        Timer(seconds, let_go.set).start()
        call_command("migrate", stderr=said)

    return at_once(hold, run)[1], said.getvalue()


def test_it_is_tried_again_until_the_lock_is_free(works_on):
    works_on(LOCK)
    fault, said = migrate_beside_somebody_who_holds(0.4)
    assert fault is None
    assert "try 2 of 10 follows" in said


def test_it_gives_up_with_a_sentence(works_on, monkeypatch):
    works_on(LOCK)
    monkeypatch.setattr(migrate, "TRIES", 2)
    fault, _said = migrate_beside_somebody_who_holds(3)
    assert isinstance(fault, CommandError)
    assert "somebody holds a lock" in str(fault)


def test_its_statements_may_take_long_and_nobody_elses(works_on):
    works_on("SELECT set_config('trial.limit', current_setting('statement_timeout'), false)")
    call_command("migrate")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('trial.limit'), current_setting('statement_timeout')")
        assert cursor.fetchone() == ("0", "10s")


def test_another_fault_is_not_repeated(works_on):
    works_on("DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$")
    with pytest.raises(OperationalError):
        call_command("migrate")
