"""A mail server that keeps up: it takes every mail, and counts by kind what it took and whether anything came twice.

`python -m bench.sink` prints its two ports: one for SMTP (with pipelining), one that answers a line with a line of JSON:

* `report` – what came, by kind (`X-Mail-Kind`); `count` – only how many, and when the first and the last one;
* `follow` – from now on a line for each mail that has a link to confirm: the address and the link.
"""

import asyncio
import json
import quopri
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from embedded.data_dir import ROOT

_HEADER = re.compile(rb"^(message-id|x-mail-kind):\s*(\S+)", re.MULTILINE | re.IGNORECASE)
_LINK = re.compile(rb"https?://\S+/signatures/confirm/[^\s/]+/")
_ADDRESS = re.compile(rb"<([^>]*)>")
_END = b"\r\n.\r\n"


@dataclass
class Kind:
    """What came of one kind."""

    ids: Counter[bytes] = field(default_factory=Counter)
    recipients: Counter[bytes] = field(default_factory=Counter)
    first: float = 0.0
    last: float = 0.0

    def count(self) -> dict[str, Any]:
        """Return what is quickly said."""
        return {"mails": self.ids.total(), "first": self.first, "last": self.last}

    def report(self) -> dict[str, Any]:
        """Return it in numbers; the digest is that of all Message-IDs, sorted, a line each."""
        lines = b"".join(id_ + b"\n" for id_ in sorted(self.ids))
        return {
            **self.count(),
            "recipients": len(self.recipients),
            "digest": sha256(lines).hexdigest(),
        }


class Sink:
    """Everything that came, and who wants to hear of it."""

    def __init__(self) -> None:
        self.kinds: dict[str, Kind] = {}
        self.followers: set[asyncio.StreamWriter] = set()

    def take(self, recipients: list[bytes], mail: bytes) -> None:
        """Count a mail."""
        head, _, body = mail.partition(b"\r\n\r\n")
        found = {name.lower(): value for name, value in _HEADER.findall(head)}
        kind = self.kinds.setdefault(found.get(b"x-mail-kind", b"").decode(), Kind(first=time.time()))
        kind.ids[found.get(b"message-id", b"")] += 1
        kind.recipients.update(recipients)
        kind.last = time.time()
        if self.followers:
            self._tell(recipients, body)

    def _tell(self, recipients: list[bytes], body: bytes) -> None:
        link = _LINK.search(body) or _LINK.search(quopri.decodestring(body))
        if link:
            line = b"%s %s\n" % (recipients[0], link[0])
            for follower in self.followers:
                follower.write(line)

    async def listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer whoever counts."""
        with suppress(ConnectionError):
            while asked := (await reader.readline()).strip():
                if asked == b"follow":
                    self.followers.add(writer)
                said = {
                    name: kind.report() if asked == b"report" else kind.count()
                    for name, kind in self.kinds.items()
                }
                writer.write(json.dumps(said).encode() + b"\n")
                await writer.drain()
        self.followers.discard(writer)
        writer.close()


class Conversation(asyncio.Protocol):
    """One connection: it answers as fast as lines come in."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.unread = b""
        self.recipients: list[bytes] = []
        self.in_text = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Work off whatever is complete."""
        self.unread += data
        while self._text() if self.in_text else self._command():
            pass

    def _text(self) -> bool:
        mail, end, rest = self.unread.partition(_END)
        if not end:
            return False
        self.unread, self.in_text = rest, False
        self.sink.take(self.recipients, mail)
        self.transport.write(b"250 taken\r\n")
        return True

    def _command(self) -> bool:
        line, end, rest = self.unread.partition(b"\r\n")
        if not end:
            return False
        self.unread = rest
        verb = line[:4].upper()
        if verb == b"MAIL":
            self.recipients = []
        elif verb == b"RCPT":
            self.recipients += _ADDRESS.findall(line)
        self.in_text = verb == b"DATA"
        self.transport.write(self._answer(verb))
        if verb == b"QUIT":
            self.transport.close()
        return True

    @staticmethod
    def _answer(verb: bytes) -> bytes:
        if verb == b"EHLO":
            return b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
        return {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 ok\r\n")


async def _serve() -> None:
    sink, loop = Sink(), asyncio.get_running_loop()
    mail = await loop.create_server(lambda: Conversation(sink), "127.0.0.1", 0)
    talk = await asyncio.start_server(sink.listen, "127.0.0.1", 0)
    print(*(server.sockets[0].getsockname()[1] for server in (mail, talk)), flush=True)
    await asyncio.gather(mail.serve_forever(), talk.serve_forever())


@dataclass(frozen=True)
class Counted:
    """The mail server as those see it who start it."""

    port: int
    talk: int

    def count(self, kind: str) -> tuple[int, float, float]:
        """Return how many of a kind have come, and when the first and the last one came."""
        found = self.report("count").get(kind, {"mails": 0, "first": 0.0, "last": 0.0})
        return found["mails"], found["first"], found["last"]

    def report(self, asked: str = "report") -> dict[str, dict[str, Any]]:
        """Return what has come, by kind."""
        with socket.create_connection(("127.0.0.1", self.talk), 20) as line, line.makefile("rwb") as talk:
            talk.write(f"{asked}\n".encode())
            talk.flush()
            said: dict[str, dict[str, Any]] = json.loads(talk.readline())
            return said


@contextmanager
def running() -> Iterator[Counted]:
    """Run the mail server for as long as it is needed."""
    process = subprocess.Popen([sys.executable, "-m", "bench.sink"], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert process.stdout
        yield Counted(*map(int, process.stdout.readline().split()))
    finally:
        process.kill()
        process.communicate()


if __name__ == "__main__":
    asyncio.run(_serve())
