"""Databases that tests make beside the one that they run in."""

from typing import Any

_LEAVE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"
)


def drop(cursor: Any, name: str) -> None:
    """Drop a database and send away who of ours is in it.

    PostgreSQL itself ends an autovacuum that is there, which `WITH (FORCE)` refuses to whoever is no superuser.
    """
    cursor.execute(_LEAVE, [name])
    cursor.execute(f'DROP DATABASE "{name}"')
