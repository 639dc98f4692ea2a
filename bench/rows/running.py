"""`make run` as a person at a laptop meets it: how soon there is a page, and what it needs while nobody looks."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.client import Line
from bench.figures import Figure, Row
from bench.ground import Bench
from bench.load import OK, Refused, Target
from bench.memory import pss
from embedded import privileges
from embedded.data_dir import ROOT, DataDir
from tests.chaos.crowd import Request
from tests.embedded.launching import clean_environ, free_port, offspring, root_home

START_SECONDS, STOP_SECONDS = 300.0, 60.0


def laptop(bench: Bench) -> list[Row]:
    """Start it once for the data's sake, and then again and again."""
    folder = bench.folder / "laptop"
    try:
        with _running(folder):
            pass
        measured = [_start(folder, bench.sizes.rest) for _ in range(bench.sizes.rounds)]
    finally:
        if privileges.is_root() and (folder / "id").exists():
            privileges.remove(root_home(DataDir(folder)))
    seconds, memory = zip(*measured, strict=True)
    return [
        Row(
            "memory of `make run` at rest (PSS of all its processes)",
            Figure(memory, " MB"),
            must=400,
            aim=280,
            less_is_better=True,
            unit=" MB",
        ),
        Row(
            "second `make run` to the first page",
            Figure(seconds, " s"),
            must=8,
            aim=4,
            less_is_better=True,
            unit=" s",
        ),
    ]


def _start(folder: Path, rest: float) -> tuple[float, float]:
    """Return the seconds to the first page, and the MB of all its processes when it has come to rest."""
    began = time.monotonic()
    with _running(folder) as process:
        seconds = time.monotonic() - began
        time.sleep(rest)
        memory = sum(map(pss, {process, *offspring(process)}))
    return seconds, memory


@contextmanager
def _running(folder: Path) -> Iterator[int]:
    """Run it until it has shown its first page, and stop it with Ctrl-C in the end."""
    port = free_port()
    environ = clean_environ(PORT=str(port), DATA_DIR=str(folder))
    process = subprocess.Popen(
        ["make", "run"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _until_a_page(process, Target(port, f"localhost:{port}"))
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(STOP_SECONDS)


def _until_a_page(process: "subprocess.Popen[bytes]", target: Target) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _shows_a_page(target):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Refused("`make run` shows no page")
        time.sleep(0.02)


def _shows_a_page(target: Target) -> bool:
    line = Line(target.port, tls=False)
    try:
        return line.ask(target.raw(Request("/")).encode())[0] == OK
    except OSError:
        return False
    finally:
        line.close()
