"""The whole site as people meet it: `python -m embedded run` on a database of its own, its mail in a sink."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import databases
from tests.stage import WORKER

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
# The numbers below belong to the workers' own tests.
FIRST_NUMBER = 8
# Without these, manage.py asks the data folder where the running site's servers are.
_FOUND_BY_ITSELF = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "CELERY_QUEUE_PREFIX"}


@dataclass(frozen=True)
class Site:
    """Where the running site is and how to sign in as its administrator."""

    url: str
    admin_email: str
    admin_password: str
    database_url: str
    environ: dict[str, str]

    @property
    def _as_found(self) -> dict[str, str]:
        return {name: value for name, value in self.environ.items() if name not in _FOUND_BY_ITSELF}

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py as in another terminal, and return what it said."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self._as_found, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def backstage(self) -> Iterator["Backstage"]:
        """Keep a process beside the site that makes what a journey starts from."""
        code = "from tests.journeys import backstage; backstage.serve()"
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, cwd=ROOT, env=self._as_found, **pipes) as process:
            yield Backstage(process)
            assert process.stdin
            process.stdin.close()


@dataclass(frozen=True)
class Backstage:
    """The process that `tests.journeys.backstage` runs in; called with the name of an act and what it takes."""

    process: "subprocess.Popen[str]"

    def __call__(self, act: str, **said: Any) -> Any:
        """Let it be done, and return what came of it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"act": act, **said}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert "failed" not in answer, answer["failed"]
        return answer["done"]


@contextmanager
def running(folder: Path, *, port: int, smtp_port: int) -> Iterator[Site]:
    """Start the site on throw-away data and stop it afterwards; its log is shown when it does not come up."""
    with databases.migrated(f"journeys_{port}") as database_url:
        environ = _environment(folder, port, smtp_port) | {"DATABASE_URL": database_url}
        with (folder / "run.log").open("w") as log:
            command = [sys.executable, "-m", "embedded", "run"]
            process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(process, port, folder)
            password = (folder / "data/admin-password").read_text().strip()
            url = f"http://localhost:{port}"
            yield Site(url, "admin@localhost.localdomain", password, database_url, environ)
        finally:
            process.terminate()
            process.wait(30)


def _environment(folder: Path, port: int, smtp_port: int) -> dict[str, str]:
    unset = {"SECRET_KEY", "IDENTITY_KEY", "SITE_URL", "DATA_DIR", "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return {
        **kept,
        "PORT": str(port),
        "DATA_DIR": str(folder / "data"),
        "REDIS_URL": _another_number(os.environ["REDIS_URL"]),
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "CELERY_QUEUE_PREFIX": f"journey{WORKER}-",
        "WEB_CONCURRENCY": "1",
        "CELERY_CONCURRENCY": "1",
    }


def _another_number(url: str) -> str:
    number = FIRST_NUMBER + WORKER
    return (
        f"{url.partition('?')[0]}?db={number}"
        if url.startswith("unix:")
        else f"{url.rpartition('/')[0]}/{number}"
    )


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if _answers(port):
            return
        time.sleep(0.1)
    raise AssertionError(f"the site did not come up:\n{(folder / 'run.log').read_text()}")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
