import time

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache

from lib import softcache
from lib.softcache import SoftRedisCache


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> BaseCache:
    """Return a cache whose server is not there."""
    monkeypatch.setattr(SoftRedisCache, "_away_until", 0.0)
    cache = SoftRedisCache(
        "unix:///nonexistent/valkey.sock?db=0", {"OPTIONS": {"socket_connect_timeout": 0.3}}
    )
    cache.clear()
    return cache


def test_it_reads_and_writes_the_server():
    cache = caches["default"]
    cache.set("a", 1)
    assert cache.get("a") == 1
    assert cache.incr("a") == 2
    assert cache.get_many(["a", "b"]) == {"a": 2}


def test_a_missing_server_is_a_miss_and_no_error(away):
    assert away.get("nothing", "default") == "default"
    assert away.get_many(["nothing"]) == {}
    assert away.delete("nothing") is False


def test_limits_go_on_in_each_process(away):
    assert away.add("failed-log-ins", 1, 60)
    assert away.incr("failed-log-ins") == 2
    assert away.get("failed-log-ins") == 2


def test_a_failing_server_is_not_asked_again_at_once(away):
    away.get("x")
    assert SoftRedisCache._away_until > time.monotonic()
    assert SoftRedisCache._away_until <= time.monotonic() + softcache.SKIP_SECONDS
