"""Visitors without an account: `python -m bench.visitors` takes a job as JSON; each asks, waits for the mail, confirms.

So many are on their way at a time; the next one begins when one is through. Whoever has begun is waited for.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.load import FOUND, Target
from tests.chaos import visits
from tests.chaos.crowd import Request

# As many connections as the shipped nginx keeps; gunicorn closes one that rests for longer than its five seconds.
LINES, REST_SECONDS = 32, 4.0
MAIL_SECONDS = 60.0


@dataclass(frozen=True)
class Job:
    """Who asks where, for how long."""

    port: int
    host: str
    mail: int
    path: str
    first: int
    stamps: list[dict[str, str]]
    people: int
    seconds: float


@dataclass
class Seen:
    """When each was through, in seconds after the beginning, how long mails took, and what was answered wrong."""

    through: list[float] = field(default_factory=list)
    mail_waits: list[float] = field(default_factory=list)
    asked: int = 0
    faults: list[str] = field(default_factory=list)


class Line:
    """A connection to the site that one visitor after the other uses."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0

    async def ask(self, request: Request) -> tuple[int, str]:
        """Send a request and return the status and where it leads."""
        reader, writer = await self._opened()
        writer.write(self.target.raw(request).encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        named = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        await reader.readexactly(int(named.get("content-length", 0)))
        self._used = time.monotonic()
        if named.get("connection", "").lower() == "close":
            self._streams = None
        return int(head[0].split()[1]), named.get("location", "")

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None or time.monotonic() - self._used > REST_SECONDS:
            if self._streams:
                self._streams[1].close()
            self._streams = await asyncio.open_connection("127.0.0.1", self.target.port)
        return self._streams


class Crowd:
    """All of them."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.seen = Seen()
        self.began = time.monotonic()
        self._links: dict[str, asyncio.Future[str]] = {}
        self._next = iter(enumerate(job.stamps, start=job.first))
        self._lines: asyncio.Queue[Line] = asyncio.Queue()
        for _ in range(LINES):
            self._lines.put_nowait(Line(Target(job.port, job.host)))

    async def act(self) -> Seen:
        """Let them come until the time is over, and see the last ones through."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.job.mail)
        writer.write(b"follow\n")
        await reader.readline()
        post = asyncio.create_task(self._read_mail(reader))
        self.began = time.monotonic()
        await asyncio.gather(*(self._one_after_the_other() for _ in range(self.job.people)))
        post.cancel()
        return self.seen

    async def _read_mail(self, reader: asyncio.StreamReader) -> None:
        async for line in reader:
            address, link = line.decode().split()
            self._links.setdefault(address, asyncio.Future()).set_result(link)

    async def _one_after_the_other(self) -> None:
        while time.monotonic() < self.began + self.job.seconds and not self.seen.faults:
            try:
                await self._visit(*next(self._next))
            except StopIteration:
                self.seen.faults.append("there were too few forms")
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as fault:
                self.seen.faults.append(repr(fault))

    async def _visit(self, number: int, hidden: dict[str, str]) -> None:
        email = f"visitor-{number}@example.org"
        link = self._links.setdefault(email, asyncio.Future())
        self.seen.asked += 1
        began = time.monotonic()
        await self._expect("/sent/", visits.ask({"path": self.job.path}, email, hidden, number=number))
        came = await asyncio.wait_for(link, MAIL_SECONDS)
        self.seen.mail_waits.append(time.monotonic() - began)
        await self._expect("/thanks/", visits.confirm(came, number=number))
        self.seen.through.append(time.monotonic() - self.began)

    async def _expect(self, place: str, request: Request) -> None:
        line = await self._lines.get()
        try:
            status, leads_to = await line.ask(request)
        finally:
            self._lines.put_nowait(line)
        if status != FOUND or place not in leads_to:
            self.seen.faults.append(f"{request.path}: {status} {leads_to}")


def windows(through: list[float], seconds: float, number: int) -> Iterator[float]:
    """Return how many a second were through in each of so many equal parts of the time."""
    each = seconds / number
    for nth in range(number):
        yield sum(nth * each <= at < (nth + 1) * each for at in through) / each


def _main() -> None:
    job: dict[str, Any] = json.load(sys.stdin)
    print(json.dumps(asdict(asyncio.run(_act(Job(**job))))))


async def _act(job: Job) -> Seen:
    return await Crowd(job).act()


if __name__ == "__main__":
    _main()
