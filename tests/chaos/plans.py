"""How the database means to answer what the site asks, and which of it reads a whole large table."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from bench import desk
from bench.populate import Wanted, populate

_ASKS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "EXECUTE")
_EXECUTE = re.compile(r"EXECUTE (\w+)")
# A connection plans a prepared statement for the values it is given, and later once for all.
_PLANNED_FOR = ("force_custom_plan", "force_generic_plan")
# From so many rows on a table is large. Topics, reasons, groups and wordings of the consent stay below on any site.
LARGE = 1_000
# What has to read everything below it before it gives its first row.
_READS_ALL_FIRST = {
    "Sort",
    "Aggregate",
    "Hash",
    "WindowAgg",
    "SetOp",
    "Bitmap Heap Scan",
    "BitmapOr",
    "BitmapAnd",
}
_INDEX_SCANS = {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}

# What `bench.populate` and the desk leave out, of every fourth: people who are signed in, mails that have left and mails that wait (a
# score of them due now, the others for a second try), dead letters, and mails that are counted against the caps.
_BESIDES = """
INSERT INTO django_session (session_key, session_data, expire_date)
SELECT md5(id::text), 'x', now() + interval '1 day' * (id %% 30 + 1) FROM accounts_user WHERE id %% 4 = 0;
INSERT INTO usersessions_usersession (session_key, user_id, ip, user_agent, data, created_at, last_seen_at)
SELECT md5(id::text), id, '198.51.100.7', 'Firefox', '{}', now(), now() FROM accounts_user WHERE id %% 4 = 0;
INSERT INTO outbox_message (kind, lane, dedupe_key, to_address, language, context, message_id, state, due_at, sent_at, created_at)
SELECT CASE n %% 20 WHEN 0 THEN 'confirm-signature' ELSE 'milestone-supporter' END, CASE n %% 20 WHEN 0 THEN 0 ELSE 1 END,
       'plans:' || id, email, 'en', jsonb_build_object('signature', id), 'plans-' || id, state, at,
       CASE state WHEN 'sent' THEN at END, least(at, now())
  FROM (SELECT id, email, n, CASE WHEN n %% 10 < 2 THEN 'queued' WHEN n %% 1000 = 505 THEN 'failed' ELSE 'sent' END AS state,
               CASE WHEN n %% 10 < 2 AND n > 100 THEN now() + interval '1 hour'
                    ELSE now() - interval '30 days' * random() END AS at
          FROM (SELECT id, email, row_number() OVER (ORDER BY id) AS n FROM signatures_signature WHERE id %% 4 = 0) signature) mail;
INSERT INTO signatures_askedmail (address_hash, petition_id, at)
SELECT sha256(email::bytea), petition_id, now() - interval '14 days' * random() FROM signatures_signature WHERE id %% 4 = 0;
INSERT INTO signatures_announcement (milestone_id, round, cursor)
SELECT id, 1, 0 FROM signatures_milestone ORDER BY signatures DESC LIMIT 1;
INSERT INTO petitions_titleword (word)
SELECT DISTINCT substr(md5(n::text), 1, 8) FROM generate_series(1, 20000) n ON CONFLICT DO NOTHING"""


@contextmanager
def full_site(*, petitions: int, signatures: int) -> Iterator[None]:
    """Let this process ask a database of its own, which is as full as that and has everything that a site has."""
    ours, theirs = f"{connection.settings_dict['NAME']}_plans", connection.settings_dict["NAME"]
    connection.creation.clone_test_db("plans", verbosity=0, autoclobber=True)
    connection.close()
    connection.settings_dict["NAME"] = ours
    try:
        populate(Wanted(petitions=petitions, signatures=signatures))
        desk.mix()
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute(_BESIDES, {})
            # Autovacuum comes some time after; only then an index alone can answer.
            cursor.execute("VACUUM ANALYZE")
        connection.close()
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = theirs
        connection.creation._destroy_test_db(ours, verbosity=0)


@dataclass
class Asked:
    """What was asked: each statement with its plans, and the names of those that are planned once.

    `without` are ways that are as good for some thousand rows, and which the database shall do without.
    """

    without: Sequence[str] = ()
    plans: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    prepared: set[str] = field(default_factory=set)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Have a statement explained with its own values, and then run it."""
        words = str(sql).lstrip("( \n")
        if words.upper().startswith(_ASKS):
            values = params[0] if many else params
            self.plans += [(str(sql), plan) for plan in _plans(str(sql), values, self.without)]
            self.prepared.update(_EXECUTE.findall(words)[:1] if words.startswith("EXECUTE") else ())
        return execute(sql, params, many, context)


def _plans(sql: str, values: Any, without: Sequence[str]) -> Iterator[dict[str, Any]]:
    with connection.connection.cursor() as cursor:
        for way in _PLANNED_FOR if sql.startswith("EXECUTE") else ("auto",):
            cursor.execute(f"SAVEPOINT plan; SET LOCAL plan_cache_mode = {way}")
            for other in without:
                cursor.execute(f"SET LOCAL enable_{other} = off")
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", values)
            found = cursor.fetchone()[0]
            yield (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
            cursor.execute("ROLLBACK TO plan; RELEASE plan")


@dataclass(frozen=True)
class Tables:
    """The large tables, and the indexes that hold all rows of one."""

    large: frozenset[str]
    whole: Mapping[str, str]

    @classmethod
    def read(cls) -> "Tables":
        """Ask the database."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= %s AND relnamespace = 'public'::regnamespace",
                [LARGE],
            )
            large = frozenset(name for (name,) in cursor.fetchall())
            cursor.execute(
                "SELECT c.relname, t.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                " JOIN pg_class t ON t.oid = i.indrelid WHERE i.indpred IS NULL AND t.relname = ANY(%s)",
                [list(large)],
            )
            return cls(large, dict(cursor.fetchall()))

    def read_whole(self, plan: Mapping[str, Any], *, is_cut: bool = False) -> Iterator[str]:
        """Name what reads all rows of a large table: row by row, or through an index from its one end to the other.

        An index that is walked in its order until enough is found does not; nor does one that holds a part of the rows.
        """
        kind = plan["Node Type"]
        if kind == "Seq Scan" and plan["Relation Name"] in self.large:
            yield f"Seq Scan on {plan['Relation Name']}"
        if kind in _INDEX_SCANS and not is_cut and self._is_walked_through(plan):
            yield f"{kind} on all of {self.whole[plan['Index Name']]} using {plan['Index Name']}"
        is_cut = kind == "Limit" or (is_cut and kind not in _READS_ALL_FIRST)
        for part in plan.get("Plans", ()):
            is_own = part.get("Parent Relationship") in {"InitPlan", "SubPlan"}
            # A merge ends with the last row of the shorter side: so much less it is reckoned to cost.
            is_left = kind == "Merge Join" and part["Total Cost"] > plan["Total Cost"]
            yield from self.read_whole(part, is_cut=is_left or (is_cut and not is_own))

    def _is_walked_through(self, scan: Mapping[str, Any]) -> bool:
        return scan["Index Name"] in self.whole and not scan.keys() & {"Index Cond", "Order By"}


def unanswered(
    asked: Iterable[tuple[str, dict[str, Any]]], tables: Tables, allowed: Mapping[str, str]
) -> list[str]:
    """Return the statements that read a whole large table, but for those with any of the allowed words."""
    return [
        f"{whole}: {' '.join(sql.split())}"
        for sql, plan in asked
        for whole in tables.read_whole(plan)
        if not any(words in sql for words in allowed)
    ]
