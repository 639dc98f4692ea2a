"""Databases beside the one that a test run was given: copies of one with the site's tables, where there is one."""

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from embedded.postgres import PATTERN


def migrated() -> str | None:
    """Return the name of a database that has the site's tables and that nobody uses, or None where there is none."""
    return urlsplit(os.environ["DATABASE_URL"]).path.strip("/") if os.environ.get(PATTERN) else None


def fresh_database(name: str) -> str:
    """Make a database of this name on the run's server and return its URL."""
    template = migrated()
    _tell(f"DROP DATABASE IF EXISTS {name}")
    _tell(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
    return _on_the_same_server(name)


def drop_database(name: str) -> None:
    """Remove it, whoever is still connected to it."""
    _tell(f"DROP DATABASE {name} WITH (FORCE)")


def _tell(statement: str) -> None:
    # A database that somebody is connected to can't be copied.
    connection = psycopg2.connect(_on_the_same_server("postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def _on_the_same_server(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
