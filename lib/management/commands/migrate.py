"""`manage.py migrate`, beside a site that goes on: it takes its time, and never makes others wait for a lock."""

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connections

from lib import faults

TRIES = 10
# Whoever holds the lock is let go on for so long before the next try (seconds, times the number of tries so far).
PAUSE = 1.0


class Command(Migrate):
    """Django’s own, without a limit on its statements; each waits 2 s for a lock at most and is then tried again."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply what is missing; after a lock that was not to be had, go on where it ended."""
        with _without_limit(options.get("database") or DEFAULT_DB_ALIAS):
            for number in range(1, TRIES + 1):
                try:
                    super().handle(*args, **options)
                except OperationalError as fault:
                    self._wait_or_give_up(fault, number)
                else:
                    break

    def _wait_or_give_up(self, fault: OperationalError, number: int) -> None:
        if not faults.is_passing(fault):
            raise fault
        if number == TRIES:
            raise CommandError(
                f"Given up after {TRIES} tries: somebody holds a lock on what is to be changed. Nothing is half done; "
                "see pg_stat_activity for long transactions (a dump?), then run this again."
            ) from fault
        self.stderr.write(f"A lock was not to be had within 2 seconds; try {number + 1} of {TRIES} follows.")
        time.sleep(PAUSE * number)


@contextlib.contextmanager
def _without_limit(database: str) -> Iterator[None]:
    """Let statements take as long as they do: an index on a million rows takes longer than any page may."""
    with connections[database].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    try:
        yield
    finally:
        with contextlib.suppress(DatabaseError), connections[database].cursor() as cursor:
            cursor.execute("RESET statement_timeout")
