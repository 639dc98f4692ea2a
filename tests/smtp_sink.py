"""A real SMTP server in a thread that keeps every mail it took, and can be told to misbehave."""

import email.policy
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


class Sink:
    """What the server took, and how it answers.

    The lists `on_sender`, `on_recipient[address]` and `on_data` are answers to give first, one each time.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.on_sender: list[str] = []
        self.on_recipient: dict[str, list[str]] = defaultdict(list)
        self.on_data: list[str] = []
        self.drops_after_data = 0
        self.hangs_up_after = 0
        self.connections = 0
        self.host, self.port = "127.0.0.1", 0

    @property
    def subjects(self) -> list[str]:
        """Return the subjects in the order in which the mails came."""
        return [str(mail["Subject"]) for mail in self.mails]

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails to one address."""
        return [mail for mail in self.mails if address in str(mail["To"])]

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return answers

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.on_sender:
            return self.on_sender.pop(0)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return OK

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.on_recipient[address]:
            return self.on_recipient[address].pop(0)
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.on_data:
            return self.on_data.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(BytesParser(EmailMessage, policy=email.policy.default).parsebytes(content))
        if self.drops_after_data:
            self.drops_after_data -= 1
            server.transport.abort()
        elif self.hangs_up_after and len(self.mails) % self.hangs_up_after == 0:
            server.loop.call_later(0.02, server.transport.abort)
        return OK


class _Server(Controller):
    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, hostname=sink.host, port=0)

    def _trigger_server(self) -> None:
        # The parent connects to the port it was given, which is 0; ours is known once the socket is bound.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def smtp_server() -> Iterator[Sink]:
    """Run a mail server for as long as it is needed."""
    sink = Sink()
    server = _Server(sink)
    server.start()
    sink.port = server.port
    yield sink
    server.stop()


@pytest.fixture
def smtp_sink(settings: Any) -> Iterator[Sink]:
    """Run a mail server and point the outbox at it."""
    with smtp_server() as sink:
        _use(sink, settings)
        yield sink


def _use(sink: Sink, settings: Any) -> None:
    settings.EMAIL_BACKEND = "outbox.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 5
