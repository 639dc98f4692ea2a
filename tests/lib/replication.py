"""A primary, a replica that streams from it, and gunicorn before both: the ground of the replica's tests."""

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg2

from embedded import privileges, scratch
from embedded.data_dir import ROOT
from embedded.programs import RUN_COMMANDS
from embedded.supervisor import Supervisor
from tests.chaos.ground import Part
from tests.deploy.conftest import as_in_production
from tests.deploy.fronting import Gunicorn, free_ports
from tests.embedded.launching import until

PREPARE = ("migrate --no-input --verbosity=0", "import_seeds seeds --quiet")
# Static files are served as they lie: collecting them takes longer than all the rest.
HERE = {"LOCAL": "1", "SITE_URL": "http://localhost", "WEB_CONCURRENCY": "1"}
# Each statement in a server's log tells who was asked; the primary lies where the launcher put it.
PRIMARY = ("--wal_level=replica", "--max_wal_senders=4", "--log_statement=all")
REPLICA = ("--hot_standby=on", "--port=5433", "--log_statement=all")


@dataclass
class Pair:
    """Both servers and the site before them."""

    primary: Part
    replica: Part
    url: str
    web: Gunicorn

    def url_of(self, part: Part) -> str:
        """Return where this server listens."""
        return f"{self.url}&port=5433" if part is self.replica else self.url

    def sql(self, part: Part, statement: str, *, role: str = "app") -> None:
        """Tell one of the servers something."""
        connection = psycopg2.connect(self.url_of(part).replace("app@", f"{role}@", 1), connect_timeout=5)
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(statement)

    def signal_all(self, part: Part, number: int) -> None:
        """Send a signal to a server and its backends, each of which leads a process group of its own."""
        for pid in (part.pid, *part.family()):
            os.kill(pid, number)

    def readiness(self) -> dict[str, Any]:
        """Return the site's whole status, and what it says of the replica."""
        report = json.loads(self.web.ask("/readyz").body)
        return {"status": report["status"], **report["checks"]["replica"]}

    def until_fresh(self) -> None:
        """Wait until pages are read from the replica."""
        until(lambda: self.readiness()["state"] == "fresh", "the replica is fresh", 30)


def petitions_asked(part: Part) -> int:
    """Return how often this server was asked for petitions since it was started.

    What a connection has planned once is in the log by its name afterwards.
    """
    return len(re.findall(r'FROM "?petitions_petition\b|EXECUTE (?:petition|progress)\b', part.log))


@contextmanager
def pair(folder: Path) -> Iterator[Pair]:
    """Bring up both servers, with the site's tables in them, and gunicorn; leave nothing behind."""
    with scratch.servers_to_throw_away({"DATABASE_URL"}, fast=True) as made, contextlib.ExitStack() as stack:
        url = made.urls["DATABASE_URL"]
        primary = _primary(made.supervisor, url)
        environ = as_in_production(folder, url) | HERE
        subprocess.run([sys.executable, "-c", RUN_COMMANDS, *PREPARE], env=environ, cwd=ROOT, check=True)
        replica = _replica(primary, url)
        stack.callback(replica.kill)
        environ["DATABASE_REPLICA_URL"] = f"{url}&port=5433"
        web = Gunicorn(environ, free_ports(1)[0], folder / "gunicorn.log")
        stack.callback(web.stop)
        web.start()
        yield Pair(primary, replica, url, web)
        made.supervisor.children[:] = [child for child in (primary.child,) if child]


def _primary(supervisor: Supervisor, url: str) -> Part:
    """Start the launcher's server anew, as one that others may follow."""
    child = supervisor.children.pop()
    child.stop()
    program = replace(child.program, command=(*child.program.command, *PRIMARY))
    primary = Part("primary", program, lambda: _takes_connections(url))
    primary.start()
    assert primary.child
    supervisor.children.append(primary.child)
    return primary


def _replica(primary: Part, url: str) -> Part:
    program = primary.program
    cluster = Path(program.command[2])
    copy = cluster.with_name("copy")
    sockets = Path(url.partition("host=")[2].replace("%2F", "/"))
    copying = Path(program.command[0]).with_name("pg_basebackup")
    command = (
        copying,
        "-h",
        sockets,
        "-U",
        "postgres",
        "-D",
        copy,
        "--checkpoint=fast",
        "--write-recovery-conf",
        "--no-sync",
    )
    subprocess.run(command, check=True, cwd="/", env={"PATH": os.defpath})
    if program.account:
        privileges.give(copy, program.account)
    follow = replace(
        program,
        command=(program.command[0], "-D", str(copy), *program.command[3:], *REPLICA),
        log=program.log.with_name("replica.log"),
    )
    replica = Part("replica", follow, lambda: _takes_connections(f"{url}&port=5433"))
    replica.start()
    return replica


def _takes_connections(url: str) -> bool:
    try:
        psycopg2.connect(url, connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True
