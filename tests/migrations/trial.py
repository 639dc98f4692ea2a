"""Runs every later migration on a site full of signatures while people go on signing and reading.

`python -m tests.migrations.trial ROWS` makes a database of its own on the server of DATABASE_URL, fills it, applies each
migration after the first ones, prints one line of JSON for each, and drops the database.
"""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg2

from tests.databases import drop

ROOMS = ("accounts", "outbox", "petitions", "signatures")
# The first state in which there can be signatures.
GROUND = [("signatures", "0001_initial"), ("outbox", "0001_messages"), ("accounts", "0001_initial")]
FEWEST_PETITIONS = 3_000
# Tables that grow without bound: nothing may rewrite, scan or index them while it keeps people from writing.
BIG = (
    *("signatures_signature", "outbox_message", "accounts_user", "petitions_delta", "signatures_askedmail"),
    *("petitions_petition", "petitions_tally", "petitions_searchentry"),
)
# On these tables: what reads all rows, or writes them, while others must wait.
_TARGET = re.compile(rf'(?:\bON|ALTER TABLE|UPDATE|DELETE FROM) (?:ONLY )?"?({"|".join(BIG)})\b', re.IGNORECASE)
_BLOCKS = re.compile(
    r"^CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)|ADD CONSTRAINT (?!.*NOT VALID)|SET NOT NULL|^UPDATE|^DELETE",
    re.IGNORECASE | re.DOTALL,
)
# Whoever has altered a table makes others wait until the transaction ends; nothing may read all its rows in that.
_ALTERS = re.compile(rf'^(?:ALTER TABLE|CREATE TRIGGER .* ON) "?({"|".join(BIG)})\b', re.IGNORECASE | re.MULTILINE)
_COPIES = re.compile(
    rf'^INSERT INTO .*\b(?:FROM|JOIN) "?({"|".join(BIG)})\b(?!.*\bLIMIT\b)', re.IGNORECASE | re.DOTALL
)

_FILL = """
INSERT INTO accounts_user (email, name, password, is_active, is_staff, is_superuser, language, time_zone)
SELECT 'person-' || n || '@example.org', 'Person ' || n, '!', true, false, false, 'en', 'UTC'
  FROM generate_series(1, %(rows)s) n;
INSERT INTO petitions_petition (id, slug, state, first_goal, language, starter_name, created_at, request_key)
SELECT n, 'lamps-' || n, 'draft', 25 * (1 + (n + 2) %% 40), 'en', 'Alice', now(), gen_random_uuid()
  FROM generate_series(1, %(petitions)s) n;
INSERT INTO petitions_version (id, petition_id, number, title, ask, body, body_html, snippet, format, created_at, frozen_at)
SELECT id, id, 1, 'Lamps ' || md5(slug), '', 'Body', '<p>Body</p>', 'Body', 'markdown', now(), now()
  FROM petitions_petition;
UPDATE petitions_petition SET version_id = id, state = 'published', submitted_at = now(), published_at = now();
INSERT INTO petitions_tally (petition_id, signatures)
SELECT id, CASE id WHEN 1 THEN %(rows)s ELSE id %% 500 END FROM petitions_petition;
INSERT INTO petitions_searchentry (petition_id, vector, title)
SELECT petition_id, to_tsvector('simple', title), title FROM petitions_version;
INSERT INTO signatures_consent (id, version, language, text) VALUES (1, '1', 'en', 'I sign.');
INSERT INTO signatures_signature (petition_id, version_id, consent_id, user_id, identity_hash, state, suspicion, email,
       name, reason, public, updates, language, email_domain, removed_from, confirmed_at)
SELECT 1, 1, 1, id, sha256(email::bytea), 'confirmed', '', email, name, '', true, true, 'en', 'example.org', '', now()
  FROM accounts_user;
INSERT INTO outbox_message (kind, lane, dedupe_key, to_address, language, context, message_id)
SELECT 'milestone-supporter', 1, 'key-' || id, email, 'en', '{}', '<' || id || '@example.org>' FROM accounts_user;
ANALYZE signatures_signature, outbox_message, accounts_user, petitions_petition, petitions_tally, petitions_searchentry;
"""
# What a site does all the time, in the columns that there were at first.
_SIGN = """
WITH p AS (SELECT id, version_id FROM petitions_petition WHERE id = 1 FOR SHARE),
u AS (INSERT INTO accounts_user (email, name, password, is_active, is_staff, is_superuser, language, time_zone)
      VALUES (%(email)s, 'Carol', '!', true, false, false, 'en', 'UTC') RETURNING id),
m AS (INSERT INTO outbox_message (kind, lane, dedupe_key, to_address, language, context, message_id)
      VALUES ('confirm-signature', 0, %(email)s, %(email)s, 'en', '{}', %(email)s))
INSERT INTO petitions_delta (petition_id, change) SELECT id, 1 FROM p
"""
_SIGNED = """
INSERT INTO signatures_signature (petition_id, version_id, consent_id, user_id, identity_hash, state, suspicion, email,
       name, reason, public, updates, language, email_domain, removed_from, confirmed_at)
SELECT 1, 1, 1, id, sha256(email::bytea), 'confirmed', '', email, 'Carol', '', true, true, 'en', 'example.org', '', now()
  FROM accounts_user WHERE email = %(email)s
"""
_COUNT = "SELECT signatures FROM petitions_tally JOIN petitions_petition p ON p.id = petition_id WHERE p.id = 1"
_SEARCH = "SELECT title FROM petitions_searchentry WHERE vector @@ to_tsquery('simple', 'lamps') LIMIT 10"
# What migrations fill in some at a time: rows that one of them has left out.
_LEFT_OUT = """
SELECT (SELECT count(*) FROM petitions_tally t JOIN petitions_petition p ON p.id = t.petition_id
         WHERE t.first_goal <> p.first_goal OR t.topic_id IS DISTINCT FROM p.topic_id)
     + (SELECT count(*) FROM petitions_searchentry e, unnest(hundred_title_words(e.title)) AS known (word)
         WHERE NOT EXISTS (SELECT FROM petitions_titleword w WHERE w.word = known.word))
     + (SELECT count(*) FROM petitions_searchentry e JOIN petitions_tally t USING (petition_id)
         WHERE (e.state, e.signatures) <> ('published', t.signatures))
"""


@dataclass
class Tried:
    """What one migration did to those who signed and read meanwhile."""

    migration: str
    seconds: float
    longest_wait: float
    longest_read: float
    faults: list[str] = field(default_factory=list)


def run(rows: int, environ: dict[str, str] | None = None) -> list[Tried]:
    """Try every migration on so many signatures, in a process of its own, and return what each did."""
    command = [sys.executable, "-m", "tests.migrations.trial", str(rows)]
    folder = Path(__file__).parent.parent.parent
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return [Tried(**json.loads(line)) for line in done.stdout.splitlines()]


class Visitor(threading.Thread):
    """Somebody who does the same without end, and remembers how long it took at most."""

    def __init__(self, dsn: str, what: str, statements: tuple[str, ...], pause: float = 0.0) -> None:
        super().__init__(daemon=True)
        self.connection = psycopg2.connect(dsn)
        self.connection.autocommit = True
        self.what = what
        self.statements = statements
        self.pause = pause
        self.longest = 0.0
        self.fault = ""
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.is_set() and not self.fault:
            began = time.monotonic()
            try:
                self._act()
            except psycopg2.Error as fault:
                self.fault = f"{self.what} failed: {str(fault).splitlines()[0]}"
            self.longest = max(self.longest, time.monotonic() - began)

            # As fast as it goes, all of them together would leave nothing of the machine to the migration.
            self._over.wait(self.pause)

    def _act(self) -> None:
        values = {"email": f"{uuid4()}@example.org"}
        with self.connection.cursor() as cursor:
            for statement in self.statements:
                cursor.execute(statement, values)

    def end(self) -> None:
        self._over.set()
        self.join(60)
        self.connection.close()


def _try_each(rows: int, dsn: str) -> Iterator[Tried]:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.migrate(GROUND)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(_FILL, {"rows": rows, "petitions": max(FEWEST_PETITIONS, rows // 50)})
    executor.loader.build_graph()
    plan = executor.migration_plan([node for node in executor.loader.graph.leaf_nodes() if node[0] in ROOMS])
    for migration, _backwards in plan:
        if migration.app_label in ROOMS:
            name = f"{migration.app_label}.{migration.name}"
            files = _files(connection)
            said: list[str] = []
            with _at_work(dsn) as (signer, reader), connection.execute_wrapper(partial(_listen, said)):
                began = time.monotonic()
                call_command("migrate", migration.app_label, migration.name, verbosity=0)
                seconds = time.monotonic() - began
            faults = [f"{table} was written anew" for table in BIG if files[table] != _files(connection)[table]]
            faults += [f"others wait for: {each[:120]}" for each in said if blocks(each)]
            faults += [f"reads all that is locked: {each[:120]}" for each in copies_what_it_holds(said) if migration.atomic]
            faults += [f"{each} is no valid index" for each in _invalid(connection)]
            faults += [each.fault for each in (signer, reader) if each.fault]
            yield Tried(name, round(seconds, 3), round(signer.longest, 3), round(reader.longest, 3), faults)
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_OUT)
        left_out = cursor.fetchone()[0]
    began = time.monotonic()
    MigrationExecutor(connection).migrate(GROUND)
    faults = [f"{left_out} rows were left out"] if left_out else []
    yield Tried("and back to the first", round(time.monotonic() - began, 3), 0.0, 0.0, faults)


def blocks(statement: str) -> bool:
    """Tell whether a statement on a big table makes others wait for as long as it takes to read it."""
    return bool(_TARGET.search(statement) and _BLOCKS.search(statement.strip()))


def copies_what_it_holds(statements: list[str]) -> list[str]:
    """Return the statements of one transaction that read all rows of a big table which it has altered before."""
    held: set[str] = set()
    found = []
    for statement in statements:
        copied = _COPIES.search(statement.strip())
        found += [statement] if copied and copied[1] in held else []
        held |= set(_ALTERS.findall(statement))
    return found


def _listen(said, execute, sql, params, many, context):
    said.append(str(sql))
    return execute(sql, params, many, context)


@contextmanager
def _at_work(dsn: str) -> Iterator[tuple[Visitor, Visitor]]:
    signer = Visitor(dsn, "signing", (_SIGN, _SIGNED))
    reader = Visitor(dsn, "reading", (_COUNT, _SEARCH), pause=0.005)
    for each in (signer, reader):
        each.start()
    try:
        yield signer, reader
    finally:
        for each in (signer, reader):
            each.end()


def _files(connection) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, pg_relation_filenode(oid) FROM pg_class WHERE relname = ANY(%s)", [list(BIG)])
        return dict(cursor.fetchall())


def _invalid(connection) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
        return [name for (name,) in cursor.fetchall()]


def _main() -> None:
    server = os.environ["DATABASE_URL"]
    name = f"trial_{uuid4().hex[:8]}"
    dsn = urlsplit(server)._replace(path=f"/{name}").geturl()
    os.environ |= {"DATABASE_URL": dsn, "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR"}
    keeper = psycopg2.connect(server)
    keeper.autocommit = True
    with keeper.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            import django

            django.setup()
            for tried in _try_each(int(sys.argv[1]), dsn):
                print(json.dumps(asdict(tried)), flush=True)  # noqa: T201 - this is what it is run for
        finally:
            drop(cursor, name)


if __name__ == "__main__":
    _main()
