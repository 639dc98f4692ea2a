"""The ground that the fault tests stand on: a whole site as in production, on servers of its own that may be broken.

`site` (a fixture) has durable PostgreSQL and Valkey, gunicorn, a Celery worker, beat and an SMTP
sink. A test breaks something, waits for a state with a bound, and says what it has seen; afterwards every promise is
audited. Nothing here ever touches a server that the environment names.

* `site.web`, `site.worker`, `site.beat`, `site.postgres`, `site.valkey` are `Part`s: `kill()`, `stop()`, `start()`,
  `freeze()`, `thaw()`, `family()`, `restart()`.
* `site.sql(query, values)` asks the database; `site.act(name, …)` runs a function of `tests.chaos.acts` with the site's
  own code; `site.manage(…)` runs a command; `site.crowd(requests, processes=…)` sends requests from many processes.
* `site.sink` is the mail server: `sink.mails` are the accepted ones, and its lists make it misbehave.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import redis

from embedded import environment, identity, programs, scratch
from embedded.data_dir import ROOT, DataDir
from embedded.processes import Child, Program
from embedded.supervisor import Supervisor
from tests.chaos import crowd
from tests.chaos.crowd import Reply, Request
from tests.chaos.sink import Sink, smtp_server
from tests.embedded.launching import clean_environ, free_port, offspring, until

HOST = "petitions.example"
START_SECONDS = 60.0


class Part:
    """One server or program of the site, which can be killed and started again like a unit of systemd."""

    def __init__(self, name: str, program: Program, is_ready: Callable[[], bool]) -> None:
        self.name = name
        self.program = program
        self._is_ready = is_ready
        self.child: Child | None = None
        self._log_began = 0

    @property
    def pid(self) -> int:
        """Return its main process."""
        assert self.child
        return self.child.process.pid

    @property
    def is_running(self) -> bool:
        """Tell whether its main process is there."""
        return self.child is not None and self.child.is_running()

    @property
    def log(self) -> str:
        """Return what it has said since it was started last."""
        with self.program.log.open("rb") as log:
            log.seek(self._log_began)
            return log.read().decode(errors="replace")

    def family(self) -> set[int]:
        """Return the processes below its main one."""
        return offspring(self.pid)

    def start(self, *, wait: bool = True) -> None:
        """Start it, and wait until it is of use."""
        self._log_began = self.program.log.stat().st_size if self.program.log.exists() else 0
        self.child = Child.start(self.program)
        if wait:
            self.until_ready()

    def until_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until others can use it."""
        until(self._is_ready, f"{self.name} is ready", seconds)

    def stop(self, number: int | None = None) -> None:
        """Stop it as an operator would, or by one signal, and wait for its end."""
        assert self.child
        if number is not None:
            self.child.process.send_signal(number)
            self.child.process.wait(60)
        self.child.stop()

    def kill(self, *, whole_group: bool = True) -> None:
        """Kill it outright; of its group nothing is left, or else its children are on their own."""
        assert self.child
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if whole_group else os.kill)(self.pid, signal.SIGKILL)
        self.child.process.wait(60)

    def restart(self, number: int | None = None) -> None:
        """Stop and start it."""
        self.stop(number)
        self.start()

    def freeze(self) -> None:
        """Stop its clock: it neither answers nor hangs up."""
        os.killpg(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.killpg(self.pid, signal.SIGCONT)


@dataclass
class Site:
    """The whole site, part by part."""

    settings: dict[str, str]
    data: DataDir
    sink: Sink
    postgres: Part
    valkey: Part
    web: Part
    worker: Part
    beat: Part
    acts: "Acts"

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return all parts in the order of starting."""
        return self.postgres, self.valkey, self.worker, self.beat, self.web

    @property
    def port(self) -> int:
        """Return where gunicorn listens."""
        return int(self.settings["PORT"])

    def sql(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Ask the database as the application's role, in a connection of its own."""
        connection = psycopg2.connect(self.settings["DATABASE_URL"], connect_timeout=5)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def number(self, query: str, values: Sequence[Any] = ()) -> int:
        """Ask the database for one number."""
        return int(self.sql(query, values)[0][0])

    def redis(self) -> "redis.Redis[bytes]":
        """Return a connection to Valkey."""
        return redis.Redis.from_url(self.settings["REDIS_URL"], socket_timeout=5)

    def act(self, name: str, **arguments: Any) -> Any:
        """Run a function of `tests.chaos.acts` in a process that has the site's own code and settings."""
        return self.acts.do(name, arguments)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of manage.py and return how it ended and what it said."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.settings, capture_output=True, text=True, check=False, timeout=600
        )

    def crowd(self, requests: Sequence[Request], *, processes: int = 8, **how: Any) -> list[Reply]:
        """Send requests from so many processes that begin at one moment; replies come in the order of requests."""
        return crowd.run(self.port, HOST, requests, processes=processes, **how)

    def get(self, path: str, **headers: str) -> Reply:
        """Ask for one page."""
        return crowd.ask(self.port, HOST, Request(path, headers=headers))

    def revive(self) -> None:
        """Start whatever is not running, as systemd would, and wait until all of it answers."""
        for part in self.parts:
            if not part.is_running:
                part.start(wait=False)
        for part in self.parts:
            part.until_ready()

    def until_counted(self, seconds: float = 60) -> None:
        """Wait until every delta is rolled up."""
        until(lambda: self.number("SELECT count(*) FROM petitions_delta") == 0, "all counted", seconds)

    def until_mailed(self, seconds: float = 60) -> None:
        """Wait until no mail waits and nothing is announced but second rounds."""
        pending = """SELECT (SELECT count(*) FROM outbox_message WHERE state = 'queued')
            + (SELECT count(*) FROM signatures_announcement WHERE done_at IS NULL AND round = 1)"""
        until(lambda: self.number(pending) == 0, "all mailed", seconds)

    def take_back(self) -> None:
        """Leave nothing to be told or sent, so that the next test begins without a pile."""
        self.sql("DELETE FROM signatures_announcement WHERE done_at IS NULL")
        self.sql("DELETE FROM outbox_message WHERE state = 'queued' AND lease_owner IS NULL")
        in_hand = "SELECT count(*) FROM outbox_message WHERE lease_owner IS NOT NULL"
        # What a worker has in hand leaves in a moment; what a dead one had is forgotten.
        with contextlib.suppress(AssertionError):
            until(lambda: self.number(in_hand) == 0, "nothing is in hand", 10)
        self.sql("DELETE FROM outbox_message WHERE state = 'queued'")

    def audit(self) -> list[str]:
        """Recount every promise; return what the audit says of the broken ones."""
        breaches: list[str] = self.act("broken_promises")
        return breaches


class Acts:
    """A process with the site's own code that does what it is told."""

    def __init__(self, settings: dict[str, str], log: Path) -> None:
        self._settings = settings
        self._log = log
        self._process: subprocess.Popen[str] | None = None

    def do(self, name: str, arguments: dict[str, Any]) -> Any:
        """Call the function of this name and return its result."""
        process = self._started()
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps({"name": name, "arguments": arguments}) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        assert line, f"{name} ended the process:\n{self._log.read_text()[-4000:]}"
        answer = json.loads(line)
        assert "fault" not in answer, answer["fault"]
        return answer["result"]

    def stop(self) -> None:
        """Dismiss the process."""
        if self._process:
            self._process.kill()
            self._process.communicate()

    def _started(self) -> "subprocess.Popen[str]":
        if self._process is None or self._process.poll() is not None:
            with self._log.open("a") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "tests.chaos.acts"],
                    cwd=ROOT,
                    env=self._settings,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
        return self._process


@contextlib.contextmanager
def site(**more: str) -> Iterator[Site]:
    """Bring a whole site up on servers of its own, durable as in production, and take it down afterwards."""
    with contextlib.ExitStack() as stack:
        sink = stack.enter_context(smtp_server())
        made = stack.enter_context(scratch.servers_to_throw_away())
        settings = _settings(made, sink, more)
        standing = _site(made, settings, sink)
        stack.callback(standing.acts.stop)
        stack.callback(_take_down, standing, made.supervisor)
        _prepare(standing, made)
        for part in (standing.worker, standing.beat, standing.web):
            part.start(wait=False)
        standing.revive()
        yield standing


def _settings(made: scratch.Scratch, sink: Sink, more: dict[str, str]) -> dict[str, str]:
    chosen = {
        "LOCAL": "0",
        "SITE_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": HOST,
        "TRUSTED_PROXY_COUNT": "1",
        "OPERATOR_NAME": "Example",
        "CONTACT_EMAIL": f"contact@{HOST}",
        "DEFAULT_FROM_EMAIL": f"post@{HOST}",
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "PORT": str(free_port()),
        "STATIC_ROOT": str(made.data.path / "static"),
        "LOG_LEVEL": "INFO",
        **more,
    }
    keys = {**identity.make().keys(), **made.urls}
    return environment.chosen(clean_environ(**chosen), made.data, keys)


def _site(made: scratch.Scratch, settings: dict[str, str], sink: Sink) -> Site:
    worker, beat, web = programs.site(made.data, settings).serve
    acts = Acts(settings, made.data.log("acts"))
    placed = Site(settings, made.data, sink, *_servers(made, settings), *[None] * 3, acts)  # type: ignore[arg-type]
    placed.web = Part("web", web, lambda: _answers(placed))
    placed.worker = Part("worker", worker, lambda: _has_children(placed.worker))
    placed.beat = Part("beat", beat, lambda: placed.beat.is_running)
    return placed


def _servers(made: scratch.Scratch, settings: dict[str, str]) -> tuple[Part, Part]:
    database, cache = made.supervisor.children
    postgres = Part("postgres", database.program, lambda: _takes_connections(settings["DATABASE_URL"]))
    valkey = Part("valkey", cache.program, lambda: _pongs(settings["REDIS_URL"]))
    postgres.child, valkey.child = database, cache
    return postgres, valkey


def _prepare(standing: Site, made: scratch.Scratch) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"],
        cwd=ROOT,
        env=standing.settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made.supervisor.finish(programs.site(made.data, standing.settings).prepare)


def _take_down(standing: Site, supervisor: Supervisor) -> None:
    for part in (standing.web, standing.beat, standing.worker):
        if part.child:
            part.kill()
    # The two servers may have been started anew: it is those that must be stopped now.
    supervisor.children[:] = [part.child for part in (standing.postgres, standing.valkey) if part.child]
    for part in (standing.postgres, standing.valkey):
        with contextlib.suppress(ProcessLookupError):
            part.thaw()


def _answers(placed: Site) -> bool:
    return crowd.ask(placed.port, HOST, Request("/healthz")).status == 200


def _has_children(worker: Part) -> bool:
    return worker.is_running and " ready" in worker.log and len(worker.family()) >= 2


def _takes_connections(url: str) -> bool:
    try:
        psycopg2.connect(url, connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def _pongs(url: str) -> bool:
    with contextlib.suppress(redis.RedisError), redis.Redis.from_url(url, socket_timeout=1) as client:
        return bool(client.ping())
    return False
