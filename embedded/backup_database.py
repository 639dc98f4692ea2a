"""What a backup asks of PostgreSQL: a dump of one moment, a fresh database, and the change from one to the other."""

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

from embedded import binaries
from embedded.trouble import Trouble

# The programs read these instead of their command line, which everybody on the machine could see.
PLACES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
HAS_SITE = "SELECT to_regclass('petitions_petition') IS NOT NULL"
HAS_PETITIONS = "SELECT EXISTS (SELECT FROM petitions_petition)"
COUNTS = """
SELECT json_build_object(
  'petitions', (SELECT count(*) FROM petitions_petition),
  'signatures', (SELECT coalesce(json_object_agg(state, n ORDER BY state), '{}')
                 FROM (SELECT state, count(*) AS n FROM signatures_signature GROUP BY state) s),
  'mails', (SELECT coalesce(json_object_agg(state, n ORDER BY state), '{}')
            FROM (SELECT state, count(*) AS n FROM outbox_message GROUP BY state) m))
"""
# Written by pg_restore for newer servers; PostgreSQL 16 and older know no such setting and need none.
NEWER_ONLY = b"SET transaction_timeout = 0;\n"


@dataclass(frozen=True)
class Database:
    """One database, named by its URL."""

    url: str

    @classmethod
    def named(cls, url: str) -> Self:
        """Return the database of this URL, or say that it is none of PostgreSQL's."""
        if not url.startswith(("postgres://", "postgresql://")):
            raise Trouble("DATABASE_URL must begin with postgres://")
        return cls(url)

    @property
    def name(self) -> str:
        """The database's name on its server."""
        return unquote(urlsplit(self.url).path.removeprefix("/"))

    def sibling(self, name: str) -> "Database":
        """Return another database of the same server."""
        return replace(self, url=urlunsplit(urlsplit(self.url)._replace(path=f"/{quote(name)}")))

    def environ(self) -> dict[str, str]:
        """Return what PostgreSQL's programs need to find it."""
        parts = urlsplit(self.url)
        given = {"PGHOST": parts.hostname, "PGPORT": parts.port, "PGDATABASE": self.name}
        given |= {"PGUSER": unquote(parts.username or ""), "PGPASSWORD": unquote(parts.password or "")}
        given |= {PLACES[name]: value for name, value in parse_qsl(parts.query) if name in PLACES}
        found = {name: str(value) for name, value in given.items() if value}
        return {"PATH": os.defpath, "PGCONNECT_TIMEOUT": "5", "PGAPPNAME": "hundred-backup"} | found

    def ask(self, *statements: str) -> str:
        """Run statements, each on its own, and return what the last one answered."""
        commands = [word for statement in statements for word in ("--command", statement)]
        answer = subprocess.run(
            [*_psql(), *commands], env=self.environ(), capture_output=True, text=True, check=False
        )
        if answer.returncode:
            raise Trouble(f"PostgreSQL refused: {_first_error(answer.stderr)}")
        return (answer.stdout.splitlines() or [""])[-1]

    def counts(self) -> dict[str, Any]:
        """Return how many petitions, signatures and mails it has."""
        found: dict[str, Any] = json.loads(self.ask(COUNTS))
        return found


@dataclass(frozen=True)
class Moment:
    """A moment of a database that others can look at as long as it is held."""

    snapshot: str
    at: str
    server: str
    counts: dict[str, Any]


@contextlib.contextmanager
def moment_of(database: Database) -> Iterator[Moment]:
    """Hold one moment, however much is written meanwhile."""
    process = subprocess.Popen(
        _psql(),
        env=database.environ(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        talk = _Talk(process)
        talk.tell("SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0;")
        talk.tell("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;")
        snapshot = talk.ask("SELECT pg_export_snapshot()")
        at = talk.ask("""SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""")
        server = talk.ask("SHOW server_version")
        yield Moment(snapshot, at, server, json.loads(talk.ask(" ".join(COUNTS.split()))))


class _Talk:
    """A conversation with psql, one line each way."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        if process.stdin is None or process.stdout is None:
            raise Trouble("psql can’t be talked to.")
        self._mouth, self._ear = process.stdin, process.stdout

    def tell(self, words: str) -> None:
        self._mouth.write(f"{words}\n")
        self._mouth.flush()

    def ask(self, question: str) -> str:
        self.tell(f"{question};")
        line = self._ear.readline()
        if not line:
            raise Trouble("PostgreSQL ended the conversation while the backup was being taken.")
        return line.rstrip("\n")


def dump(database: Database, moment: Moment, file: Path) -> None:
    """Write the database as it was at the moment, and make sure that the file can be read again."""
    command = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
    _finish(
        [*command, f"--snapshot={moment.snapshot}", f"--file={file}"], database.environ(), "taking the dump"
    )
    _finish(
        [_program("pg_restore"), f"--file={os.devnull}", str(file)], database.environ(), "reading it back"
    )


def load(file: Path, database: Database) -> None:
    """Fill an empty database from a dump: all of it, or nothing."""
    reader = [_program("pg_restore"), "--no-owner", "--no-privileges", "--no-comments", "--file=-", str(file)]
    writer = [*_psql(), "--single-transaction", "--output", os.devnull, "--file=-"]
    with (
        subprocess.Popen(reader, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as source,
        subprocess.Popen(
            writer, env=database.environ(), stdin=subprocess.PIPE, stderr=subprocess.PIPE
        ) as target,
    ):
        _pour(source.stdout, target.stdin)
        told = (target.communicate()[1], source.communicate()[1])
    if source.returncode or target.returncode:
        raise Trouble(f"The dump can’t be loaded: {_first_error(b''.join(told).decode(errors='replace'))}")


def _pour(source: IO[bytes] | None, target: IO[bytes] | None) -> None:
    if source is None or target is None:
        return
    with contextlib.suppress(BrokenPipeError):
        for line in source:
            if line != NEWER_ONLY:
                target.write(line)
            else:
                break
        shutil.copyfileobj(source, target, 1 << 20)


def create_beside(database: Database, name: str) -> Database:
    """Make an empty database on the same server; a leftover of that name goes first."""
    server = database.sibling("postgres")
    if server.ask("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user") != "t":
        who = server.ask("SELECT current_user")
        raise Trouble(
            f"The role {who} may not make databases; a restore needs it: ALTER ROLE {who} CREATEDB;"
        )
    server.ask(f"DROP DATABASE IF EXISTS {_quoted(name)}", f"CREATE DATABASE {_quoted(name)}")
    return database.sibling(name)


def drop(database: Database) -> None:
    """Remove a database."""
    database.sibling("postgres").ask(f"DROP DATABASE IF EXISTS {_quoted(database.name)}")


def check_nobody_is_there(database: Database) -> None:
    """Refuse while others are connected: what they write would be lost without a word."""
    asked = f"SELECT count(*) FROM pg_stat_activity WHERE datname = {_literal(database.name)}"  # noqa: S608 - quoted
    others = database.sibling("postgres").ask(asked)
    if others != "0":
        raise Trouble(
            f"{others} connections to the database {database.name} are open: stop web, workers and beat first."
        )


def swap(fresh: Database, current: Database, former: str) -> None:
    """Put the fresh database in the current one’s place in one step; the current one gets the former’s name."""
    current.sibling("postgres").ask(
        f"BEGIN; ALTER DATABASE {_quoted(current.name)} RENAME TO {_quoted(former)};"
        f" ALTER DATABASE {_quoted(fresh.name)} RENAME TO {_quoted(current.name)}; COMMIT"
    )


def _program(name: str) -> str:
    return binaries.find_postgres().program(name)


def _psql() -> list[str]:
    options = ["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1"]
    return [_program("psql"), *options]


def _finish(command: list[str], environ: Mapping[str, str], what: str) -> None:
    answer = subprocess.run(command, env=dict(environ), capture_output=True, text=True, check=False)
    if answer.returncode:
        raise Trouble(f"PostgreSQL failed at {what}: {_first_error(answer.stderr)}")


def _first_error(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "error:" in line.lower() or "fatal:" in line.lower()]
    return (errors or lines or ["no reason given"])[0]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
