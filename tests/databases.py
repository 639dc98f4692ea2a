"""Databases that tests make beside the one that they run in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

_LEAVE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"
)
# Named once for a whole run, so that parallel workers inherit the name.
MIGRATED = os.environ.setdefault("MIGRATED_DATABASE", f"migrated_{os.getpid()}")
# Any number that nothing else here locks.
_ONE_MIGRATES = 620_100


@contextmanager
def server() -> Iterator[Any]:
    """Give a cursor that commits each statement, in the database that the environment names."""
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def drop(cursor: Any, name: str) -> None:
    """Drop a database and send away who of ours is in it.

    PostgreSQL itself ends an autovacuum that is there, which `WITH (FORCE)` refuses to whoever is no superuser.
    """
    cursor.execute(_LEAVE, [name])
    cursor.execute(f'DROP DATABASE "{name}"')


def exists(cursor: Any, name: str) -> bool:
    """Tell whether there is one of this name."""
    cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


def copy(cursor: Any, name: str, of: str) -> None:
    """Make a database as another one is; nobody may be in that."""
    cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{of}"')


@contextmanager
def migrated(name: str) -> Iterator[str]:
    """Give the address of a database with what migrations bring, as `django_db_setup` has kept it; drop it afterwards."""
    with server() as cursor:
        copy(cursor, name, of=MIGRATED)
    try:
        yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    finally:
        with server() as cursor:
            drop(cursor, name)


def wait_for_migrations(cursor: Any) -> None:
    """Wait until no other worker migrates, and hold back the next one."""
    cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_MIGRATES])


def keep_migrated(cursor: Any, name: str) -> None:
    """Let others copy this database, unless there is one to copy already, and let in the next worker."""
    if not exists(cursor, MIGRATED):
        copy(cursor, MIGRATED, of=name)
    cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_MIGRATES])
