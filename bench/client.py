"""Load without wrk: `python -m bench.client PORT tls|plain SECONDS CONNECTIONS FILE once|cycle PAUSE`.

A process for each connection, plain sockets that are kept, and the same answer as `replay.lua` gives. Slower than wrk, so
the fastest rows (nginx) measure the client rather than the server.
"""

import json
import multiprocessing as mp
import random
import signal
import socket
import ssl
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, takewhile
from pathlib import Path
from typing import Any

from bench.figures import percentile

TIMEOUT = 20.0
LEAST_REFUSAL = 400


class Line:
    """One connection that is kept, and opened again where the server has closed it."""

    def __init__(self, port: int, *, tls: bool, source: str | None = None) -> None:
        self.port = port
        self.tls = tls
        self.source = source
        self._socket: socket.socket | None = None

    def ask(self, raw: bytes) -> tuple[int, bytes]:
        """Send a request and return the status and the body of the answer."""
        line = self._socket or self._connected()
        line.sendall(raw)
        status, body, stays = _answer(line)
        if not stays:
            self.close()
        return status, body

    def close(self) -> None:
        """Hang up."""
        if self._socket:
            self._socket.close()
        self._socket = None

    def _connected(self) -> socket.socket:
        source = (self.source, 0) if self.source else None
        line = socket.create_connection(("127.0.0.1", self.port), TIMEOUT, source)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = _TLS.wrap_socket(line) if self.tls else line
        return self._socket


def _answer(line: socket.socket) -> tuple[int, bytes, bool]:
    """Read one answer; whether the connection stays open is its third part."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += _more(line)
    head, _, body = read.partition(b"\r\n\r\n")
    names = {
        name.strip().lower(): value.strip()
        for name, _, value in (each.partition(b":") for each in head.split(b"\r\n")[1:])
    }
    if names.get(b"transfer-encoding") == b"chunked":
        while not body.endswith(b"0\r\n\r\n"):
            body += _more(line)
    while len(body) < int(names.get(b"content-length", 0)):
        body += _more(line)
    return int(head.split(b" ", 2)[1]), body, names.get(b"connection", b"").lower() != b"close"


def _more(line: socket.socket) -> bytes:
    if piece := line.recv(1 << 16):
        return piece
    raise ConnectionError("the server hung up within an answer")


def _trusting() -> ssl.SSLContext:
    """Return a context for a certificate that was made a moment ago."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


_TLS = _trusting()


@dataclass
class Seen:
    """What one connection has seen."""

    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    broken: int = 0
    began: float = 0.0
    ended: float = 0.0


def send(line: Line, requests: Iterator[bytes], until: float, pause: float = 0) -> Seen:
    """Send requests until there are no more, or the time is over."""
    seen = Seen(began=time.monotonic())
    for raw in requests:
        began = time.monotonic()
        if began > until:
            break
        try:
            status, _ = line.ask(raw)
        except OSError:
            seen.broken += 1
            line.close()
            continue
        seen.ended = time.monotonic()
        seen.statuses[status] += 1
        seen.waits.append(seen.ended - began)
        time.sleep(random.uniform(0, 2 * pause))
    return seen


@dataclass(frozen=True)
class Job:
    """What one run is to do."""

    port: int
    tls: bool
    seconds: float
    connections: int
    mode: str
    pause: float

    def share(self, requests: list[bytes], nth: int) -> Iterator[bytes]:
        """Return what one of the connections sends."""
        if self.mode == "once":
            return iter(requests[nth :: self.connections])
        start = nth % len(requests)
        return cycle(requests[start:] + requests[:start])


def _work(job: Job, mine: Iterator[bytes], begin: Any, pipe: Any, over: Any) -> None:
    begin.wait(60)
    mine = takewhile(lambda _: not over.value, mine)
    pipe.send(send(Line(job.port, tls=job.tls), mine, time.monotonic() + job.seconds, job.pause))


def _main(port: str, tls: str, seconds: str, connections: str, file: str, *how: str) -> None:
    requests = list(_read(Path(file)))
    job = Job(int(port), tls == "tls", float(seconds), int(connections), how[0], float(how[1]) / 1000)
    context = mp.get_context("fork")
    begin, pipes, over = context.Barrier(job.connections), [], context.RawValue("b", 0)
    # Whoever has enough says so, as to wrk.
    signal.signal(signal.SIGINT, lambda *_: setattr(over, "value", 1))
    for nth in range(job.connections):
        here, there = context.Pipe(duplex=False)
        work = (job, job.share(requests, nth), begin, there, over)
        context.Process(target=_work, args=work, daemon=True).start()
        pipes.append(here)
    print(f"REPLY {json.dumps(reply([pipe.recv() for pipe in pipes]))}")


def _read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as lines:
        while length := lines.readline():
            yield lines.read(int(length))


def reply(all_seen: Sequence[Seen]) -> dict[str, Any]:
    """Add up what the connections have seen, in the words of `replay.lua`."""
    statuses = sum((seen.statuses for seen in all_seen), Counter[int]())
    waits = [1000 * wait for seen in all_seen for wait in seen.waits] or [0.0]
    return {
        "answered": statuses.total(),
        "seconds": max(seen.ended for seen in all_seen) - min(seen.began for seen in all_seen),
        "refused": sum(count for status, count in statuses.items() if status >= LEAST_REFUSAL),
        "broken": sum(seen.broken for seen in all_seen),
        "statuses": statuses,
        **{f"p{share}": percentile(waits, share) for share in (50, 95, 99)},
    }


if __name__ == "__main__":
    _main(*sys.argv[1:])
