"""What readiness asks of the two servers: does the database answer, does Redis."""

import time

from django.conf import settings
from django.db import Error, connection
from redis import Redis
from redis.exceptions import RedisError

from lib.health import Reading

# A frozen server must not hold the report up.
TIMEOUT = 0.3


def read_database() -> Reading:
    """Report whether the database answers; without it nothing here is of use."""
    began = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as fault:
        return Reading(ok=False, essential=True, figures={"fault": type(fault).__name__})
    return Reading(ok=True, essential=True, figures={"ms": _ms_since(began)})


def read_redis() -> Reading:
    """Report whether Redis answers; without it mail is later and limits are kept by each process alone."""
    began = time.monotonic()
    server = str(settings.CACHES["default"]["LOCATION"])
    try:
        with Redis.from_url(server, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT) as redis:
            redis.ping()
    except (RedisError, OSError) as fault:
        return Reading(ok=False, figures={"fault": type(fault).__name__})
    return Reading(ok=True, figures={"ms": _ms_since(began)})


def _ms_since(began: float) -> float:
    return round(1000 * (time.monotonic() - began), 1)
