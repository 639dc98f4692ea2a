"""People who watch the count while others sign: through every web process, many times a second."""

import http.client
import json
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.chaos.ground import HOST, Site

HZ = 50
LINES = 16
# Even a web process that is unlucky in the draw gets some of the connections.
FEWEST = 4
_HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}


@dataclass(frozen=True)
class Sample:
    """One look: when it was asked for, when it was answered, by which process, and what it said."""

    asked: float
    answered: float
    process: int
    count: int


class Watch:
    """Looks at count.json HZ times a second over kept connections that are known to reach every web process.

    Every now and then it recounts the rows before it looks, to see how far the page is behind.
    """

    def __init__(self, site: Site, petition: dict[str, Any]) -> None:
        self.site = site
        self.path = f"{petition['path']}count.json"
        self.petition = petition["id"]
        self.samples: list[Sample] = []
        self.recounts: list[tuple[int, int]] = []
        self._done = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        lines = _lines_to_all(self.site)
        for place, (line, process) in enumerate(lines):
            self._begin(self._look, line, process, place)
        self._begin(self._compare)
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join(60)

    def _begin(self, work: Any, *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _look(self, line: http.client.HTTPConnection, process: int, place: int) -> None:
        every = LINES / HZ
        due = time.monotonic() + place / HZ
        while not self._done.wait(max(0.0, due - time.monotonic())):
            asked = time.monotonic()
            try:
                count = _count(line, self.path)
            except (OSError, http.client.HTTPException):
                # On a busy machine a tick may come later than the server keeps an idle line.
                line, process = _line(self.site, self.site.web.family())
                continue
            self.samples.append(Sample(asked, time.monotonic(), process, count))
            due = max(due + every, time.monotonic() - every)

    def _compare(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        recount = "SELECT count(*) FROM signatures_signature WHERE petition_id = %s AND state = 'confirmed'"
        while not self._done.wait(0.5):
            there = self.site.number(recount, [self.petition])
            self.recounts.append((there, _count(line, self.path)))
            line.close()

    @property
    def decreases(self) -> int:
        """Count the looks that saw less than one which had ended before they began, whichever process answered."""
        ended = sorted(self.samples, key=lambda sample: sample.answered)
        most, place, falls = 0, 0, 0
        for sample in sorted(self.samples, key=lambda sample: sample.asked):
            while ended[place].answered < sample.asked:
                most = max(most, ended[place].count)
                place += 1
            falls += sample.count < most
        return falls

    @property
    def behind(self) -> int:
        """Return by how many signatures a page was behind the rows that were there before it was asked for."""
        return max((0, *(there - shown for there, shown in self.recounts)))

    @property
    def rate(self) -> float:
        """Return how often a second it really looked."""
        times = [sample.asked for sample in self.samples]
        return (len(times) - 1) / (max(times) - min(times))

    @property
    def by_process(self) -> Counter[int]:
        """Return how many looks each web process answered."""
        return Counter(sample.process for sample in self.samples)


def _count(line: http.client.HTTPConnection, path: str) -> int:
    line.request("GET", path, headers=_HEADERS)
    answer = line.getresponse()
    body = answer.read()
    assert answer.status == 200, answer.status
    return int(json.loads(body)["signatures"])


def _lines_to_all(site: Site) -> list[tuple[http.client.HTTPConnection, int]]:
    """Open connections until each web process has its share; the kernel deals them out by chance."""
    workers = site.web.family()
    lines: list[tuple[http.client.HTTPConnection, int]] = []
    while len(lines) < LINES:
        line, process = _line(site, workers)
        missing = sum(max(0, FEWEST - _share(lines, worker)) for worker in workers)
        if process and (LINES - len(lines) > missing or _share(lines, process) < FEWEST):
            lines.append((line, process))
        else:
            line.close()
    return lines


def _line(site: Site, workers: set[int]) -> tuple[http.client.HTTPConnection, int]:
    """Open a connection and find out which process it reaches, or 0 where that can't be seen."""
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    line.request("GET", "/healthz", headers=_HEADERS)
    line.getresponse().read()
    return line, _holder(line.sock.getsockname()[1], site.port, workers) or 0


def _share(lines: list[tuple[http.client.HTTPConnection, int]], process: int) -> int:
    return sum(each == process for _line, each in lines)


def _holder(client: int, server: int, workers: set[int]) -> int | None:
    """Return which process holds the server's end of a connection between these ports."""
    ends = f":{server:04X}", f":{client:04X}"
    rows = (row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:])
    inodes = [row[9] for row in rows if row[1].endswith(ends[0]) and row[2].endswith(ends[1])]
    for worker in workers:
        for file in Path(f"/proc/{worker}/fd").iterdir():
            with suppress(OSError):
                if inodes and str(file.readlink()) == f"socket:[{inodes[0]}]":
                    return worker
    return None
