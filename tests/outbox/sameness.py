"""Whether a mail that was put together says what the plain one says, and values that nobody would make up in earnest."""

import email.policy
import re
from email.message import EmailMessage
from email.parser import BytesParser

from outbox.compiled import Sealed
from outbox.models import Message
from outbox.render import render

HOSTILE = [
    "Carol Singer",
    "",
    " ",
    "<b>\"Zoë\"</b> & 'Søn' &amp;",
    "👩‍👩‍👧‍👦🇺🇦 é",
    "כרמל שרה \u200f🙂 كارول",
    "=3D =20 = ?=utf-8?q?x?= =_ --",
    "a\r\nBcc: mallory@example.org\r\n\r\n.\r\n..\r\nQUIT",
    "a\rb\nc\n.",
    ".",
    "..lead",
    "ends in blanks \t ",
    "\tbegins with one",
    "\u2028 \x85 \x0b \x0c \xad \ufeff \x01",
    "{{ name }} {% now %} %(name)s %s 100%",
    "x" * 80,
    "ö" * 2000,
    "word " * 400,
    "From carol",
]


def parsed(content: bytes) -> EmailMessage:
    """Read a mail as a mail program does."""
    return BytesParser(EmailMessage, policy=email.policy.default).parsebytes(content)


def compare(sealed: Sealed, message: Message) -> None:
    """Fail if the mail on the wire differs from the plain one in more than its encoding and the second of its date."""
    plain = parsed(render(message).message().as_bytes(linesep="\r\n"))
    ours = parsed(sealed.content)
    assert _headers(ours) == _headers(plain)
    assert ours["Date"]
    assert _said(ours) == _said(plain)
    assert not ours.defects
    assert not [part for part in ours.walk() if part.defects]
    assert sealed.recipient == message.to_address
    _check_lines(sealed.content)


def _headers(mail: EmailMessage) -> list[tuple[str, str]]:
    return sorted(
        (name, str(value).strip()) for name, value in mail.items() if name not in {"Date", "Content-Type"}
    )


def _said(mail: EmailMessage) -> list[tuple[str, str, str]]:
    return [
        (
            part.get_content_type(),
            str(part.get_content_charset()),
            part.get_content().replace("\r\n", "\n").replace("\r", "\n"),
        )
        for part in mail.iter_parts()
    ]


def _check_lines(content: bytes) -> None:
    assert content.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    head, _, body = content.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 78
