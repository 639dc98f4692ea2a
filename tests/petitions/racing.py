"""Several things at the same time, each on a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

committed = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls at once; return what each returned, or the exception that it raised."""
    start = Barrier(len(calls))

    def alone(call: Callable[[], Any]) -> Any:
        try:
            start.wait(10)
            return call()
        except Exception as fault:  # noqa: BLE001 - the test judges it
            return fault
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(alone, calls))
