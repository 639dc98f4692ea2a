"""What `audit_invariants` proves: each room registers the promises it keeps in the database."""

from collections.abc import Callable, Iterable

from django.db import connection, transaction

from lib.registry import Registry

Check = Callable[[], Iterable[str]]

_checks: Registry[Check] = Registry()


def register(name: str, check: Check) -> None:
    """Add a promise; the check yields one sentence for each breach it finds, and nothing when it holds."""
    _checks.register(name, check)


def breaches() -> dict[str, list[str]]:
    """Run every check and return the sentences by the name of the promise."""
    return {name: list(check()) for name, check in _checks}


def breaches_at_one_moment() -> dict[str, list[str]]:
    """Return the same of one snapshot, however long it takes: a move between two queries must not look like one."""
    if connection.in_atomic_block:
        return breaches()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        return breaches()
