"""Many people at once: requests sent from many processes that begin at one moment. Imports nothing of the site.

Run as a program of its own (`python -m tests.chaos.crowd JOB`), because a process with threads must not fork.
"""

import http.client
import json
import multiprocessing as mp
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

PATIENCE = 1800.0


@dataclass(frozen=True)
class Request:
    """One request. `after` is when it leaves, in seconds after the barrier (None: as soon as the one before ended).

    `cut` hangs up without reading the answer. `tries` is how often a person whose answer was a 503 or a broken
    connection presses the button again, after the pause that Retry-After asks for (at most `pause` seconds).
    """

    path: str
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    after: float | None = None
    cut: bool = False
    tries: int = 1
    pause: float = 1.0
    timeout: float = 60.0


@dataclass(frozen=True)
class Reply:
    """What came back: status 0 where nobody answered. `statuses` are those of all tries.

    `at` is when it ended, in seconds after the barrier; `ended` the same by this machine's clock.
    """

    status: int
    seconds: float
    at: float
    body: str
    headers: dict[str, str]
    statuses: tuple[int, ...]
    ended: float = 0.0


def ask(port: int, host: str, request: Request) -> Reply:
    """Send one request from here."""
    return _Line(port, host).send(request)


def run(
    port: int, host: str, requests: Sequence[Request], *, processes: int = 8, keep_bodies: bool = False
) -> list[Reply]:
    """Deal the requests out to so many processes, let them begin at one moment, and return the replies in order."""
    return begin(port, host, requests, processes=processes, keep_bodies=keep_bodies).replies()


def begin(
    port: int, host: str, requests: Sequence[Request], *, processes: int = 8, keep_bodies: bool = False
) -> "Crowd":
    """Start the crowd and return at once, so that something can be broken meanwhile."""
    return Crowd(port, host, requests, processes=processes, keep_bodies=keep_bodies)


class Crowd:
    """A crowd on its way."""

    def __init__(
        self, port: int, host: str, requests: Sequence[Request], *, processes: int, keep_bodies: bool
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="hundred-crowd-")
        folder = Path(self._folder.name)
        self._answers = folder / "answers.json"
        job = {"port": port, "host": host, "processes": processes, "keep_bodies": keep_bodies}
        (folder / "job.json").write_text(json.dumps({**job, "requests": [asdict(each) for each in requests]}))
        self._process = subprocess.Popen([sys.executable, "-m", "tests.chaos.crowd", str(folder)])

    @property
    def is_busy(self) -> bool:
        """Tell whether somebody still acts."""
        return self._process.poll() is None

    def replies(self, seconds: float = PATIENCE) -> list[Reply]:
        """Wait for the last one and return every reply in the order of the requests."""
        try:
            assert self._process.wait(seconds) == 0, "the crowd fell over"
            read = json.loads(self._answers.read_text())
        finally:
            self._process.kill()
            self._folder.cleanup()
        return [Reply(**{**each, "statuses": tuple(each["statuses"])}) for each in read]


class _Line:
    """One person's browser: a connection that is kept, and opened again when it broke."""

    def __init__(self, port: int, host: str) -> None:
        self.port = port
        self.host = host
        self.connection: http.client.HTTPConnection | None = None

    def send(self, request: Request, start: float = 0.0) -> Reply:
        """Send it as often as it may be; return the last answer."""
        statuses = []
        for _ in range(request.tries):
            began = time.monotonic()
            status, body, headers = self._once(request)
            ended = time.monotonic()
            statuses.append(status)
            if status not in {0, 502, 503, 504} or request.cut:
                break
            time.sleep(min(float(headers.get("retry-after", 1)), request.pause))
        return Reply(status, ended - began, ended - start, body, headers, tuple(statuses), time.time())

    def _once(self, request: Request) -> tuple[int, str, dict[str, str]]:
        try:
            return self._conversation(request)
        except (OSError, http.client.HTTPException):
            self._hang_up()
            return 0, "", {}

    def _conversation(self, request: Request) -> tuple[int, str, dict[str, str]]:
        line = self._connected(request.timeout)
        line.request(
            "GET" if request.body is None else "POST", request.path, request.body, self._headers(request)
        )
        if request.cut:
            self._hang_up()
            return 0, "", {}
        answer = line.getresponse()
        body = answer.read().decode(errors="replace")
        headers = {name.lower(): value for name, value in answer.getheaders()}
        if answer.will_close:
            self._hang_up()
        return answer.status, body, headers

    def _headers(self, request: Request) -> dict[str, str]:
        usual = {"Host": self.host, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
        posts = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{self.host}/"}
        return {**usual, **(posts if request.body is not None else {}), **request.headers}

    def _connected(self, timeout: float) -> http.client.HTTPConnection:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
            self.connection.connect()
        return self.connection

    def _hang_up(self) -> None:
        if self.connection:
            self.connection.close()
            self.connection = None


def _work(job: dict[str, Any], mine: list[int], barrier: Any, pipe: Any) -> None:
    line = _Line(job["port"], job["host"])
    requests = [Request(**job["requests"][index]) for index in mine]
    barrier.wait(60)
    start = time.monotonic()
    replies = []
    for request in requests:
        if request.after is not None:
            time.sleep(max(0.0, start + request.after - time.monotonic()))
        replies.append(asdict(line.send(request, start)))
    if not job["keep_bodies"]:
        for reply in replies:
            reply["body"] = ""
    pipe.send(list(zip(mine, replies, strict=True)))
    pipe.close()


def _main(folder: Path) -> None:
    job = json.loads((folder / "job.json").read_text())
    context = mp.get_context("fork")
    total = len(job["requests"])
    count = min(job["processes"], total)
    barrier = context.Barrier(count)
    shares = [list(range(first, total, count)) for first in range(count)]
    pipes, people = [], []
    for share in shares:
        here, there = context.Pipe(duplex=False)
        person = context.Process(target=_work, args=(job, share, barrier, there), daemon=True)
        person.start()
        there.close()
        pipes.append(here)
        people.append(person)
    replies: dict[int, Any] = {}
    for pipe in pipes:
        replies.update(dict(pipe.recv()))
    for person in people:
        person.join()
    (folder / "answers.json").write_text(json.dumps([replies[index] for index in range(total)]))


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
