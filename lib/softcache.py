"""A cache whose server may vanish: a per-process memory stands in, so that log-in limits go on and no page fails."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Seconds for which a failing server is not asked again, so that a frozen one costs one time-out and not one a request.
SKIP_SECONDS = 2.0


class SoftRedisCache(RedisCache):
    """Django's Redis cache; while the server is away each process remembers for itself."""

    # Django makes one cache object a thread; all of them learn at once that the server is away.
    _away_until = 0.0

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._memory = LocMemCache("softcache", {"TIMEOUT": params.get("TIMEOUT", 300)})

    def _ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= SoftRedisCache._away_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError) as fault:
                SoftRedisCache._away_until = time.monotonic() + SKIP_SECONDS
                logger.warning("cache away: %s", type(fault).__name__)
        return getattr(self._memory, name)(*args, **kwargs)


def _soft(name: str) -> Callable[..., Any]:
    def call(self: SoftRedisCache, *args: Any, **kwargs: Any) -> Any:
        return self._ask(name, *args, **kwargs)

    call.__name__ = name
    return call


for _name in (
    "add", "get", "set", "touch", "delete", "get_many", "set_many", "delete_many", "has_key", "incr", "clear",
):  # fmt: skip
    setattr(SoftRedisCache, _name, _soft(_name))
