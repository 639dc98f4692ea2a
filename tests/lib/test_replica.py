"""Public pages are read from a replica, and nobody notices when it is away."""

import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.embedded.launching import until
from tests.lib.replication import Pair, pair, petitions_asked

# One pair of servers for all of them; the launcher starts processes from a process that has threads.
pytestmark = [
    pytest.mark.xdist_group("replica"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with pair(tmp_path_factory.mktemp("pair")) as made:
        yield made


@pytest.fixture
def two(servers: Pair) -> Pair:
    """Both servers, with the replica in use."""
    servers.until_fresh()
    return servers


def a_petition(two: Pair) -> str:
    page = two.web.ask("/petitions/").body
    found = re.search(r'href="(/petitions/[a-z0-9-]+-\d+/)"', page)
    assert found
    return found[1]


def number_of(path: str) -> int:
    return int(path.rstrip("/").rpartition("-")[2])


def counted(two: Pair, path: str) -> int:
    found = re.search(r"([\d,]+) ha(?:s|ve) signed", two.web.ask(path).body)
    assert found
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize("path", ["/", "/petitions/", "petition", "/sitemap.xml"])
def test_public_pages_are_read_from_it(path: str, two: Pair):
    path = a_petition(two) if path == "petition" else path
    before = petitions_asked(two.replica)
    until(lambda: two.web.ask(path).status == 200 and petitions_asked(two.replica) > before, "asked", 10)


@pytest.mark.parametrize("path", ["count.json", "sign/", "panel/"])
def test_counts_and_personal_pages_are_read_from_the_primary(path: str, two: Pair):
    petition = a_petition(two)
    replica, primary = petitions_asked(two.replica), petitions_asked(two.primary)
    assert two.web.ask(petition + path).status == 200
    assert petitions_asked(two.primary) > primary
    assert petitions_asked(two.replica) == replica


def test_what_it_does_not_have_yet_the_primary_is_asked_for(two: Pair):
    """A petition that was published a moment ago is there for whoever follows the first link to it."""
    path = a_petition(two)
    move = "UPDATE petitions_petition SET state = '{}' WHERE id = {}"
    two.sql(two.primary, move.format("draft", number_of(path)))
    until(lambda: two.web.ask(path).status == 404, "hidden on both", 10)
    two.until_fresh()
    two.sql(two.replica, "SELECT pg_wal_replay_pause()", role="postgres")
    try:
        two.sql(two.primary, move.format("published", number_of(path)))
        assert two.web.ask(path).status == 200
    finally:
        two.sql(two.replica, "SELECT pg_wal_replay_resume()", role="postgres")


def test_one_that_is_behind_is_left_out(two: Pair):
    path = a_petition(two)
    count = counted(two, path)
    two.sql(two.replica, "SELECT pg_wal_replay_pause()", role="postgres")
    try:
        values = f"({number_of(path)}, 7)"
        two.sql(two.primary, f"INSERT INTO petitions_delta (petition_id, change) VALUES {values}")
        until(lambda: counted(two, path) == count + 7, "the primary's count", 10)
        report = two.readiness()
        assert (report["status"], report["ok"], report["state"]) == ("degraded", False, "behind")
        assert report["lag_seconds"] >= 2
    finally:
        two.sql(two.replica, "SELECT pg_wal_replay_resume()", role="postgres")
    two.until_fresh()


def test_one_that_stops_costs_no_page(two: Pair):
    two.replica.stop(signal.SIGQUIT)
    try:
        assert {two.web.ask(path).status for path in ("/", "/petitions/", a_petition(two)) * 5} == {200}
        report = two.readiness()
        assert (report["ok"], report["state"]) == (False, "away (OperationalError)")
    finally:
        two.replica.start()
    two.until_fresh()


def test_one_that_freezes_costs_no_page(two: Pair):
    two.signal_all(two.replica, signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(8) as crowd:
            visits = [crowd.submit(two.web.ask, path) for path in ("/", "/petitions/") * 8]
            assert {visit.result(30).status for visit in visits} == {200}
    finally:
        two.signal_all(two.replica, signal.SIGCONT)
    two.until_fresh()


def test_reading_goes_on_without_the_primary(two: Pair):
    path = a_petition(two)
    two.primary.stop(signal.SIGQUIT)
    try:
        assert {two.web.ask(each).status for each in ("/", "/petitions/", path)} == {200}
        assert two.web.ask(f"{path}sign/").status == 503
        assert two.web.ask("/petitions/no-such-one-999/").status == 503
        assert two.web.ask("/readyz").status == 503
    finally:
        two.primary.start()
    two.until_fresh()
    assert two.web.ask(f"{path}sign/").status == 200
