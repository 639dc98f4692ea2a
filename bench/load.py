"""Load: requests sent as fast as they are answered, by wrk where it is installed, else by `bench.client`."""

import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench.client import Line
from embedded.data_dir import ROOT
from tests.chaos.crowd import Request

WRK = shutil.which("wrk")
SCRIPT = Path(__file__).with_name("replay.lua")
# What was not answered by then is a fault, and so is a run that has not ended.
TIMEOUT, PATIENCE = 20, 600
OK, FOUND = 200, 302
_REPLY = re.compile(r"^REPLY (.*)$", re.MULTILINE)


class Refused(Exception):
    """Something was answered otherwise than it should have been: a run with errors measures nothing."""


@dataclass(frozen=True)
class Target:
    """Where requests go, and the host that they name."""

    port: int
    host: str
    tls: bool = False

    @property
    def url(self) -> str:
        """The address as wrk takes it."""
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}/"

    def raw(self, request: Request) -> str:
        """Return a request as it is sent."""
        headers = {"Host": self.host, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
        if request.body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Content-Length": str(len(request.body)),
                "Referer": f"https://{self.host}/",
            }
        lines = [f"{'GET' if request.body is None else 'POST'} {request.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in {**headers, **request.headers}.items()]
        return "\r\n".join([*lines, "", request.body or ""])


@dataclass(frozen=True)
class Reply:
    """What came back; the waits are in milliseconds."""

    answered: int
    seconds: float
    refused: int
    broken: int
    statuses: Counter[int]
    p50: float
    p95: float
    p99: float

    @property
    def rate(self) -> float:
        """How many were answered in a second."""
        return self.answered / self.seconds


def again(
    target: Target, requests: Sequence[Request], seconds: float, *, connections: int = 8, pause: float = 0
) -> Reply:
    """Send these requests round and round for so long; each connection rests for `pause` ms before the next one.

    Each must be answered with a page before and afterwards.
    """
    with begin(target, requests, seconds, connections=connections, pause=pause) as running:
        return running.reply()


def once(
    target: Target, requests: Sequence[Request], *, expected: int = FOUND, connections: int = 8
) -> Reply:
    """Send each request once, as fast as they are answered, all with this status."""
    with Running(target, requests, seconds=PATIENCE, connections=connections) as running:
        reply = running.reply()
    if reply.statuses != {expected: len(requests)}:
        raise Refused(f"{len(requests)} × {requests[0].path}: {dict(reply.statuses)}, not {expected}")
    return reply


def begin(
    target: Target, requests: Sequence[Request], seconds: float, *, connections: int = 8, pause: float = 0
) -> "Running":
    """Begin what `again` does, and return at once."""
    return Running(target, requests, "cycle", seconds=seconds, connections=connections, pause=pause)


def _all_are_pages(target: Target, requests: Sequence[Request]) -> None:
    """Send each once; whatever is no page is a fault. wrk tells refusals only: the way elsewhere is a page to it."""
    line = Line(target.port, tls=target.tls)
    for request in requests:
        try:
            status, _ = line.ask(target.raw(request).encode())
        except OSError as fault:
            raise Refused(f"{request.path}: {fault}") from fault
        if status != OK:
            raise Refused(f"{request.path}: {status}, not {OK}")
    line.close()


class Running:
    """A load that is being sent."""

    def __init__(
        self,
        target: Target,
        requests: Sequence[Request],
        mode: str = "once",
        *,
        seconds: float,
        connections: int,
        pause: float = 0,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="hundred-bench-")
        file = Path(self._folder.name) / "requests"
        raw = [target.raw(request).encode() for request in requests]
        file.write_bytes(b"".join(b"%d\n%s" % (len(each), each) for each in raw))
        number = min(connections, len(raw)) if mode == "once" else connections
        command = (_wrk if WRK else _own)(target, seconds, number)
        arguments = [str(file), mode, str(pause)]
        self._pages = (target, requests) if mode == "cycle" else None
        if self._pages:
            _all_are_pages(*self._pages)
        self._process = subprocess.Popen(
            [*command, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()

    def end(self) -> Reply:
        """End what would go on, and return what came back."""
        self._process.send_signal(signal.SIGINT)
        return self.reply()

    def reply(self) -> Reply:
        """Wait for the end and return what came back; anything that is no answer is a fault."""
        said, _ = self._process.communicate(timeout=PATIENCE)
        found = _REPLY.search(said)
        if not found:
            raise Refused(f"the load generator said: {said[-2000:]}")
        facts = json.loads(found[1])
        statuses = Counter({int(status): count for status, count in facts.pop("statuses").items()})
        reply = Reply(**facts, statuses=statuses)
        if reply.refused or reply.broken or not reply.answered:
            raise Refused(f"{reply.refused} refusals, {reply.broken} broken lines: {said[-2000:]}")
        if self._pages:
            _all_are_pages(*self._pages)
        return reply


def _wrk(target: Target, seconds: float, connections: int) -> list[str]:
    # It counts in whole seconds.
    options = [
        "-t1",
        f"-c{connections}",
        f"-d{max(1, round(seconds))}s",
        f"--timeout={TIMEOUT}s",
        f"--script={SCRIPT}",
    ]
    return [str(WRK), *options, target.url, "--"]


def _own(target: Target, seconds: float, connections: int) -> list[str]:
    return [
        *(sys.executable, "-m", "bench.client", str(target.port), "tls" if target.tls else "plain"),
        *(str(seconds), str(connections)),
    ]
