"""Starting and stopping: what people at the terminal see, and that nothing is left."""

import contextlib
import os
import signal
import urllib.request
from pathlib import Path

import psycopg2
import pytest

from embedded import lock
from tests.embedded.launching import STUB, Launched, is_alive, launched, root_home, until

MAKE_TABLE = "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here') RETURNING word"

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks at processes through /proc"
)


def nothing_is_left(launcher: Launched, family: set[int], sockets: Path) -> bool:
    held = lock.is_held(launcher.data.lock)
    return not held and not sockets.exists() and not any(is_alive(pid) for pid in family)


def ask(launcher: Launched, sql: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(launcher.url("DATABASE_URL"))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()
    finally:
        connection.close()


def test_it_prints_the_addresses_once_the_site_answers(site: Launched) -> None:
    assert f"http://localhost:{site.port}/\n" in site.text
    assert f"http://localhost:{site.port}/dev/mail/\n" in site.text
    password = site.data.admin_password
    assert f"sign in as admin@localhost.localdomain with the password in {password}\n" in site.text
    with urllib.request.urlopen(f"http://127.0.0.1:{site.port}/healthz", timeout=5) as answer:
        assert answer.status == 200


def test_it_listens_on_sockets_only_we_can_reach(site: Launched) -> None:
    folders = (site.sockets() / "pg", site.sockets() / "vk")
    assert [folder.stat().st_mode & 0o777 for folder in folders] == [0o700, 0o700]
    assert ask(site, "SHOW listen_addresses") == [("",)]


def test_it_gives_the_site_an_ordinary_role_and_unicode(site: Launched) -> None:
    assert ask(site, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [(False,)]
    assert ask(site, "SELECT lower('ÄÖ')") == [("äö",)]
    assert ask(site, "SELECT datlocprovider FROM pg_database WHERE datname = 'app'") == [("b",)]


def test_it_keeps_data_and_keys_for_our_eyes_only(site: Launched) -> None:
    data = site.data
    assert data.path.stat().st_mode & 0o777 == 0o700
    private = ("id", "secret-key", "identity-key", "environment")
    assert [(data.path / name).stat().st_mode & 0o777 for name in private] == [0o600] * 4


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_it_stops_everything_it_started(used: Path, number: str) -> None:
    with launched(used) as site:
        family, sockets = site.until_ready().family(), site.sockets()
        assert len(family) > 4
        assert site.ask_to_stop(signal.Signals[number]) == 0
        assert site.text.endswith(f"\nStopping ({number}) …\nStopped.\n")
        assert nothing_is_left(site, family, sockets)
        assert not site.data.environment.exists()


def test_it_stops_once_when_asked_twice(used: Path) -> None:
    with launched(used) as site:
        family, sockets = site.until_ready().family(), site.sockets()
        site.process.send_signal(signal.SIGINT)
        assert site.ask_to_stop() == 0
        assert nothing_is_left(site, family, sockets)


def test_it_stops_while_it_is_still_starting(data: Path) -> None:
    with launched(data, STUB_PREPARE="import time; time.sleep(60)") as site:
        until((data / "logs" / "prepare.log").exists, "preparing")
        family, sockets = site.family(), site.sockets()
        assert site.ask_to_stop() == 0
        assert nothing_is_left(site, family, sockets)


def test_it_keeps_data_and_keys_for_the_next_start(used: Path) -> None:
    with launched(used) as first:
        first.until_ready()
        ask(first, MAKE_TABLE)
        key = first.url("IDENTITY_KEY")
        first.ask_to_stop()
    with launched(used) as second:
        second.until_ready()
        assert ask(second, "SELECT word FROM kept") == [("still here",)]
        assert second.url("IDENTITY_KEY") == key


def test_it_refuses_a_second_run_on_the_same_data(site: Launched) -> None:
    with launched(site.data.path) as second:
        assert second.wait() == 1
        assert second.text.startswith(f"The site is already running on {site.data.path}")
        assert second.text.count("\n") == 1
    assert site.process.poll() is None


def test_it_reports_a_killed_postgresql_and_stops_the_rest(used: Path) -> None:
    with launched(used) as site:
        family, sockets = site.until_ready().family(), site.sockets()
        os.kill(site.postmaster(), signal.SIGKILL)
        assert site.wait() == 1
        assert "PostgreSQL was killed by signal 9. The end of" in site.text
        assert "database system is ready to accept connections" in site.text
        assert nothing_is_left(site, family, sockets)


def test_it_leaves_no_process_when_it_is_killed_itself(used: Path) -> None:
    with launched(used) as first:
        family, sockets = first.until_ready().family(), first.sockets()
        first.ask_to_stop(signal.SIGKILL)
        until(lambda: not any(is_alive(pid) for pid in family), "all gone")
        assert list(sockets.rglob("*.sock")) == []
    with launched(used) as second:
        second.until_ready()
        assert not sockets.exists()


def test_it_starts_again_right_after_everything_was_killed(used: Path) -> None:
    with launched(used) as first:
        family, sockets = first.until_ready().family(), first.sockets()
        for pid in (first.process.pid, *family):
            # Whoever dies with the launcher may be gone before its turn.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        first.wait()
    with launched(used) as second:
        second.until_ready()
        assert not sockets.exists()


def test_it_uses_the_servers_that_the_environment_names(data: Path, site: Launched) -> None:
    urls = {name: site.url(name) for name in ("DATABASE_URL", "REDIS_URL")}
    with launched(data, *STUB, **urls) as second:
        second.until_ready()
        assert not (data / "logs" / "postgres.log").exists()
        assert not root_home(second.data).exists()
        assert second.url("DATABASE_URL") == urls["DATABASE_URL"]
