"""Starts the launcher as people do, and looks at what it leaves behind."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from embedded import environment
from embedded.data_dir import ROOT, DataDir

STUB = ("-m", "tests.embedded.stub_site")
REAL = ("-m", "embedded", "run")
SCRATCH = ("-m", "embedded", "scratch", "--fast", "--")


class TooLate(AssertionError):
    """What was waited for did not come in time."""


def until(condition: Callable[[], object], what: str, seconds: float = 20) -> None:
    began = time.monotonic()
    while not condition():
        waited = time.monotonic() - began
        if waited >= seconds:
            raise TooLate(f"after {seconds} seconds still not: {what}")
        # What takes long is looked at less often: looking takes a third of a core from what is waited for.
        time.sleep(min(0.02 + waited / 10, 0.1))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environ(**more: str) -> dict[str, str]:
    """What a person's shell has: nothing of the test run's own settings."""
    kept = {name: value for name, value in os.environ.items() if name not in environment.SETTINGS}
    return kept | more


def offspring(pid: int) -> set[int]:
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


class Launched:
    """One launcher with the folder it works on."""

    def __init__(self, data: Path, *command: str, **more: str) -> None:
        self.data = DataDir(data)
        self.port = int(more.get("PORT") or free_port())
        self.output = data.with_name(f"{data.name}-output-{time.monotonic_ns()}")
        settings = {"DATA_DIR": str(data), "PORT": str(self.port)} | more
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, *(command or STUB)],
                cwd=ROOT,
                env=clean_environ(**settings),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.output.read_text()

    def until_ready(self, seconds: float = 40) -> "Launched":
        until(lambda: "Press Ctrl-C" in self.text or self.process.poll() is not None, "ready", seconds)
        assert self.process.poll() is None, self.text
        return self

    def ask_to_stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self, seconds: float = 40) -> int:
        return self.process.wait(seconds)

    def family(self) -> set[int]:
        return offspring(self.process.pid)

    def postmaster(self) -> int:
        home = root_home(self.data) if os.geteuid() == 0 else self.data.path / "postgres"
        return int((home / "cluster" / "postmaster.pid").read_text().split()[0])

    def sockets(self) -> Path:
        return Path(self.data.socket_note.read_text())

    def url(self, name: str) -> str:
        found = re.search(rf"^{name}='?([^'\n]+)", self.data.environment.read_text(), re.MULTILINE)
        assert found
        return found[1]


def root_home(data: DataDir) -> Path:
    return Path("/var/lib/hundred") / (data.path / "id").read_text().strip()


@contextlib.contextmanager
def launched(data: Path, *command: str, **more: str) -> Iterator[Launched]:
    launcher = Launched(data, *command, **more)
    try:
        yield launcher
    finally:
        if launcher.process.poll() is None:
            launcher.process.terminate()
            launcher.wait()


def run_to_end(data: Path, *command: str, **more: str) -> tuple[int, str]:
    with launched(data, *command, **more) as launcher:
        return launcher.wait(), launcher.text
