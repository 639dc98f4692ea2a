"""The mail server of the fault tests: it notes every message it accepts, and misbehaves as it is told."""

import asyncio
import email.policy
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from threading import Event, Lock

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests import smtp_sink

OK = "250 OK"
# It writes ten lines for each mail, and there are many.
logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Accepted:
    """What is remembered of a mail: enough to count, to tell repetitions and to check headers."""

    at: float
    to: str
    message_id: str
    kind: str
    headers: dict[str, str]
    link: str


class Sink(smtp_sink.Sink):
    """A server that keeps no bodies. Beside its parent's lists of answers:

    `delay` are seconds before each 250 that ends a mail, which waits for `released` as well; `answer_all` is given to
    every recipient while it is set; for the recipients in `tarpits["RCPT"]` or `tarpits["DATA"]` that command is
    answered one byte a second, without end, until they are taken out again; `stuck` are those who wait there now,
    `delayed` how many mails do.
    A mail to one in `cut_once` is taken, but the line is cut before the server has said so.
    """

    def __init__(self) -> None:
        super().__init__()
        self.accepted: list[Accepted] = []
        self.delay = 0.0
        self.released = Event()
        self.released.set()
        self.answer_all = ""
        self.tarpits: dict[str, set[str]] = {"RCPT": set(), "DATA": set()}
        self.stuck: set[str] = set()
        self.delayed = 0
        self.cut_once: set[str] = set()
        self.guard = Lock()

    def of_kind(self, kind: str) -> list[Accepted]:
        """Return the accepted mails of one kind."""
        with self.guard:
            return [each for each in self.accepted if each.kind == kind]

    def forget(self) -> None:
        """Begin anew: nothing accepted, no bad manners."""
        with self.guard:
            self.accepted.clear()
        self.behave()

    def behave(self) -> None:
        """Take every mail from now on."""
        self.on_sender.clear()
        self.on_recipient.clear()
        self.on_data.clear()
        self.cut_once.clear()
        self.released.set()
        self.hangs_up_after = 0
        self.delay, self.answer_all = 0.0, ""
        for stuck in self.tarpits.values():
            stuck.clear()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer_all:
            return self.answer_all
        if address in self.tarpits["RCPT"]:
            return await self._wade(server, "RCPT", address)
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.on_data:
            return self.on_data.pop(0)
        if envelope.rcpt_tos[0] in self.tarpits["DATA"]:
            return await self._wade(server, "DATA", envelope.rcpt_tos[0])
        if self.delay:
            self.delayed += 1
            await asyncio.sleep(self.delay)
            self.delayed -= 1
        await asyncio.to_thread(self.released.wait)
        self._note(server, envelope)
        if envelope.rcpt_tos[0] in self.cut_once:
            self.cut_once.discard(envelope.rcpt_tos[0])
            server.transport.abort()
        return OK

    async def _wade(self, server: SMTP, command: str, address: str) -> str:
        self.stuck.add(address)
        try:
            while address in self.tarpits[command]:
                server.transport.write(b"2")
                await asyncio.sleep(1)
            server.transport.abort()
        finally:
            self.stuck.discard(address)
        return "421 too late"

    def _note(self, server: SMTP, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        parsed = BytesHeaderParser(policy=email.policy.default).parsebytes(content)
        headers = {name.lower(): str(value) for name, value in parsed.items()}
        # Links of our own in the text part; quoted-printable breaks long ones.
        text = content.replace(b"=\r\n", b"").replace(b"=3D", b"=").decode("ascii", "replace")
        link = re.search(r"https://\S+/signatures/confirm/\S+?/(?=\s|$)", text)
        mail = Accepted(
            server.loop.time(),
            ",".join(envelope.rcpt_tos),
            headers.get("message-id", ""),
            headers.get("x-mail-kind", ""),
            headers,
            link[0] if link else "",
        )
        with self.guard:
            self.accepted.append(mail)


class _Server(Controller):
    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, hostname=sink.host, port=sink.port)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Switch:
    """Turns the server off and on again at the same port."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self._server: _Server | None = None

    def on(self) -> None:
        """Listen."""
        self._server = _Server(self.sink)
        self._server.start()
        self.sink.port = self._server.port

    def off(self) -> None:
        """Be gone: connections are refused."""
        if self._server:
            self._server.stop()
            self._server = None


@contextmanager
def smtp_server() -> Iterator[Sink]:
    """Run a mail server for as long as it is needed; `sink.switch` turns it off and on."""
    sink = Sink()
    sink.switch = Switch(sink)
    sink.switch.on()
    try:
        yield sink
    finally:
        sink.switch.off()
