"""Servers for one command, gone with it."""

import json
import os
import signal
import sys
from pathlib import Path

import psycopg2
import pytest

from embedded import lock, postgres
from embedded.scratch import servers_to_throw_away
from tests.embedded.launching import SCRATCH, is_alive, launched, run_to_end, until

SHOW = "import json, os; print(json.dumps(dict(os.environ)))"
TELL_AND_WAIT = "import os, time; print(os.environ['DATA_DIR'], flush=True); time.sleep(60)"
# Here servers are started from the test's own process, which pytest-xdist gave threads.
IN_PROCESS = pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
# Who has these needs no servers of ours; nobody asks these for anything.
GIVEN = {"DATABASE_URL": "postgres://elsewhere/app", "REDIS_URL": "redis://elsewhere"}
WAIT = "import time; print('at work', flush=True); time.sleep(60)"


def test_it_tells_the_command_where_everything_is(data: Path) -> None:
    status, text = run_to_end(data, *SCRATCH, sys.executable, "-c", SHOW, DATA_DIR="")
    environ = json.loads(text)
    assert status == 0
    assert environ["DATABASE_URL"].startswith("postgres://app@/app?host=")
    assert environ["REDIS_URL"].startswith("unix:///")
    assert environ["LOCAL"] == "1"
    assert environ["SECRET_KEY"] != environ["IDENTITY_KEY"]
    assert not Path(environ["DATA_DIR"]).parent.exists()


def test_it_brings_only_what_is_missing(data: Path) -> None:
    given = {"DATABASE_URL": "postgres://elsewhere/app", "SECRET_KEY": "mine"}
    _, text = run_to_end(data, *SCRATCH, sys.executable, "-c", SHOW, **given)
    environ = json.loads(text)
    assert {name: environ[name] for name in given} == given
    assert environ["DATA_DIR"] == str(data)
    assert environ["REDIS_URL"].startswith("unix:///")


def test_it_returns_the_status_of_the_command(data: Path) -> None:
    assert run_to_end(data, *SCRATCH, "sh", "-c", "exit 7", **GIVEN) == (7, "")
    assert run_to_end(data, *SCRATCH, "sh", "-c", "kill -9 $$", **GIVEN) == (137, "")


def test_it_says_so_when_there_is_no_such_command(data: Path) -> None:
    status, text = run_to_end(data, *SCRATCH, "./no-such-program", **GIVEN)
    assert (status, text) == (1, "Cannot run ./no-such-program: No such file or directory.\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_it_takes_everything_with_it(data: Path, number: int) -> None:
    with launched(data, *SCRATCH, sys.executable, "-c", WAIT) as scratch:
        until(lambda: "at work" in scratch.text, "command started")
        family = scratch.family()
        assert len(family) > 3
        scratch.ask_to_stop(number)
        assert not any(is_alive(pid) for pid in family)


@IN_PROCESS
def test_it_clears_up_after_one_that_was_killed(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with launched(data, *SCRATCH, sys.executable, "-c", TELL_AND_WAIT, DATA_DIR="") as scratch:
        until(lambda: scratch.text.endswith("\n"), "command started")
        family, folder = scratch.family(), Path(scratch.text.strip()).parent
        scratch.ask_to_stop(signal.SIGKILL)
    until(lambda: not any(is_alive(pid) for pid in family), "all gone")
    # A process that the server has begun since then dies with it, a moment later.
    until(lambda: not lock.is_held(folder / "lock"), "its lock is free")
    assert folder.exists()
    monkeypatch.setattr("embedded.scratch.GRACE", 0)
    with servers_to_throw_away(frozenset()):
        assert not folder.exists()


def test_it_leaves_ctrl_c_to_the_command(data: Path) -> None:
    script = "trap 'echo interrupted; exit 3' INT; echo at work; while :; do sleep 0.1; done"
    with launched(data, *SCRATCH, "sh", "-c", script, **GIVEN) as scratch:
        until(lambda: "at work" in scratch.text, "command started")
        os.killpg(scratch.process.pid, signal.SIGINT)
        assert scratch.wait() == 3
        assert scratch.text == "at work\ninterrupted\n"


@IN_PROCESS
def test_it_serves_a_test_that_needs_servers_of_its_own() -> None:
    with servers_to_throw_away(fast=True) as scratch:
        connection = psycopg2.connect(scratch.urls["DATABASE_URL"])
        with connection.cursor() as cursor:
            cursor.execute("SHOW fsync")
            assert cursor.fetchone() == ("off",)
        connection.close()
    assert not scratch.data.path.parent.exists()


@IN_PROCESS
def test_servers_copy_the_unused_cluster_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(postgres.PATTERN, raising=False)
    with servers_to_throw_away({"DATABASE_URL"}, fast=True) as first:
        monkeypatch.setenv(postgres.PATTERN, str(postgres.unused(first.home)))
        with servers_to_throw_away({"DATABASE_URL"}) as copy:
            assert made_by(copy.urls["DATABASE_URL"]) == made_by(first.urls["DATABASE_URL"])


def made_by(url: str) -> int:
    """Return the number that initdb gave to a cluster."""
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        row = cursor.fetchone()
    connection.close()
    assert row
    return int(row[0])
