"""Statements that a connection to the database plans once: half of what the hot ones cost is their planning."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_PLACE = re.compile(r"%\((\w+)\)s")
# Explaining is what makes the plan for any values, and keeps it. All at once is one round trip.
_PLAN = """
SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off;
PREPARE {name} AS {sql};
EXPLAIN EXECUTE {name}{nothing};
SET LOCAL plan_cache_mode TO DEFAULT; SET LOCAL enable_seqscan TO DEFAULT"""
# What each open connection of this process has planned already.
_planned: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Prepared:
    """A statement under a name that is its own on the whole site; its place-holders are written `%(name)s`.

    PostgreSQL plans it anew when a table or its statistics change, which a table that fills up may be too quick for: it
    is planned for tables that are worth an index. Parameters need a cast where their type does not follow from the
    columns they meet. Behind a pooler that lends connections for one transaction at a time, which Django is told by
    `DISABLE_SERVER_SIDE_CURSORS`, it is sent whole each time.
    """

    def __init__(self, name: str, sql: str) -> None:
        places = list(dict.fromkeys(_PLACE.findall(sql)))
        numbers = {place: f"${number}" for number, place in enumerate(places, 1)}
        self.name, self._sql = name, sql
        self._plan = _PLAN.format(
            name=name,
            sql=_PLACE.sub(lambda found: numbers[found[1]], sql),
            nothing=_listed(["NULL"] * len(places)),
        )
        self._execute = f"EXECUTE {name}{_listed(f'%({place})s' for place in places)}"

    def row(self, values: Mapping[str, Any], *, using: str = DEFAULT_DB_ALIAS) -> tuple[Any, ...] | None:
        """Run it with these values and return the first row, or None where there is none."""
        with connections[using].cursor() as cursor:
            self._send(cursor, values)
            found: tuple[Any, ...] | None = cursor.fetchone()
            return found

    def rows(self, values: Mapping[str, Any], *, using: str = DEFAULT_DB_ALIAS) -> list[tuple[Any, ...]]:
        """Run it with these values and return all rows."""
        with connections[using].cursor() as cursor:
            self._send(cursor, values)
            return list(cursor.fetchall())

    def run(self, values: Mapping[str, Any], *, using: str = DEFAULT_DB_ALIAS) -> int:
        """Run it with these values and return how many rows it wrote."""
        with connections[using].cursor() as cursor:
            self._send(cursor, values)
            return int(cursor.rowcount)

    def ready(self, *, using: str = DEFAULT_DB_ALIAS) -> str:
        """Return what runs it on this connection, for a raw query set."""
        with connections[using].cursor() as cursor:
            return self._ready(cursor.db)

    def _send(self, cursor: Any, values: Mapping[str, Any]) -> None:
        cursor.execute(self._ready(cursor.db), values)

    def _ready(self, connection: BaseDatabaseWrapper) -> str:
        return self._execute if self._is_planned(connection) else self._sql

    def _is_planned(self, connection: BaseDatabaseWrapper) -> bool:
        if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            return False
        planned = _planned.setdefault(connection.connection, set())
        if self.name not in planned:
            # Past Django's cursor: whoever counts statements counts what the site asks, not what a connection learns.
            with connection.wrap_database_errors, connection.connection.cursor() as plain:
                plain.execute(self._plan)
            planned.add(self.name)
        return True


def _listed(values: Iterable[str]) -> str:
    """Return them in brackets, as EXECUTE takes them, and nothing where there are none."""
    listed = ", ".join(values)
    return f" ({listed})" if listed else ""
