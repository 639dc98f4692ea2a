"""What nginx keeps is what an answer allows, for as long as it allows it."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.deploy.fronting import Answer, Front, Origin
from tests.embedded.launching import until

PUBLIC = {"Cache-Control": "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=60"}
LONG = {"Cache-Control": "public, max-age=0, s-maxage=60"}


def until_expired(front: Front, path: str) -> Answer:
    """Ask until what was kept has grown old, and return the answer that came instead."""
    found: list[Answer] = []
    until(lambda: found.append(front.ask(path)) or found[-1].cache != "HIT", "no longer kept", 5)
    return found[-1]


def test_it_keeps_a_public_page(front: Front, origin: Origin):
    origin.says = lambda _path: (200, LONG)
    assert front.ask("/").cache == "MISS"
    assert {(answer.cache, answer.body) for answer in (front.ask("/") for _ in range(20))} == {("HIT", "1")}


def test_it_keeps_it_for_a_second(front: Front, origin: Origin):
    origin.says = lambda _path: (200, PUBLIC)
    front.ask("/")
    fresh = until_expired(front, "/")
    assert (fresh.cache, fresh.body) == ("EXPIRED", "2")


def test_it_shows_nobody_an_old_page_when_it_can_have_a_fresh_one(front: Front, origin: Origin):
    origin.says = lambda _path: (200, PUBLIC)
    front.ask("/")
    time.sleep(3)  # past everything that the answer allows; nothing is waited for
    assert front.ask("/").body == "2"


@pytest.mark.parametrize(
    "headers",
    [
        {**PUBLIC, "Set-Cookie": "a=b"},
        {"Cache-Control": "private, no-store"},
        {"Cache-Control": "no-store"},
        {},
    ],
    ids=["cookie", "private", "no-store", "silent"],
)
def test_it_never_keeps(headers: dict[str, str], front: Front, origin: Origin):
    origin.says = lambda _path: (200, headers)
    assert [front.ask("/").body for _ in range(3)] == ["1", "2", "3"]


def test_it_asks_once_when_a_crowd_comes(front: Front, origin: Origin):
    origin.says = lambda _path: (200, LONG)
    origin.hold.clear()
    with ThreadPoolExecutor(20) as crowd:
        waiting = [crowd.submit(front.ask, "/") for _ in range(20)]
        until(lambda: origin.asked["/"], "asked")
        origin.hold.set()
        assert {answer.result().body for answer in waiting} == {"1"}
    assert origin.asked["/"] == 1


def test_it_shows_the_old_page_while_a_fresh_one_is_slow(front: Front, origin: Origin):
    origin.says = lambda _path: (200, PUBLIC)
    front.ask("/")
    time.sleep(2.2)  # until what is kept has expired for good
    origin.hold.clear()
    with ThreadPoolExecutor(1) as first:
        slow = first.submit(front.ask, "/")
        until(lambda: origin.asked["/"] == 2, "asked again")
        others = [front.ask("/") for _ in range(10)]
        assert {(answer.cache, answer.body) for answer in others} == {("UPDATING", "1")}
        origin.hold.set()
        assert slow.result().body == "2"
    assert origin.asked["/"] == 2


def test_it_shows_the_old_page_without_gunicorn_for_as_long_as_that_allows(front: Front, origin: Origin):
    origin.says = lambda _path: (200, {"Cache-Control": "public, s-maxage=1, stale-if-error=3"})
    front.ask("/")
    origin.close()
    old = until_expired(front, "/")
    assert (old.status, old.cache, old.body) == (200, "STALE", "1")
    until(lambda: front.ask("/").status == 503, "no longer shown", 6)


@pytest.mark.parametrize("status", [500, 503])
def test_it_passes_on_what_gunicorn_says_of_a_fault(status: int, front: Front, origin: Origin):
    origin.says = lambda _path: (200 if origin.asked["/"] == 1 else status, {**PUBLIC, "Retry-After": "10"})
    front.ask("/")
    fault = until_expired(front, "/")
    assert (fault.status, fault.body, fault.headers["Retry-After"]) == (status, "2", "10")


@pytest.mark.parametrize("status", [404, 403, 410])
def test_it_shows_no_page_that_has_been_taken_away(status: int, front: Front, origin: Origin):
    origin.says = lambda _path: (200 if origin.asked["/"] == 1 else status, PUBLIC)
    front.ask("/")
    assert until_expired(front, "/").status == status


def test_it_tells_pages_apart_by_their_whole_address(front: Front, origin: Origin):
    origin.says = lambda _path: (200, LONG)
    assert [front.ask(path).cache for path in ("/?page=1", "/?page=2", "/?page=1")] == ["MISS", "MISS", "HIT"]


def test_it_writes_who_asked_over_what_a_visitor_claims(front: Front, origin: Origin):
    front.ask("/", X_Forwarded_For="203.0.113.7", X_Forwarded_Proto="http")
    assert origin.seen["X-Forwarded-For"] == "127.0.0.1"
    assert origin.seen["X-Forwarded-Proto"] == "https"
    assert origin.seen["Host"] == "localhost"


def test_it_logs_neither_addresses_nor_tokens(front: Front):
    front.ask("/signatures/confirm/SECRET/?token=SECRET")
    front.ask("/de/unsubscribe/SECRET/")
    front.ask("/petitions/?q=SECRET")
    log = front.folder / "hundred.log"
    until(lambda: log.read_text().count("\n") == 3, "three lines")
    text = log.read_text()
    assert "SECRET" not in text
    assert "127.0.0.1" not in text
    assert '"/signatures/..."' in text
    assert '"/de/unsubscribe/..."' in text
