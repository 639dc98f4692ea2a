"""Mails that differ in a few values alone: what they share is made once, and only the recipient's parts are joined in.

The templates are filled with marks in place of the values that a kind calls personal, cut at the marks and encoded. So
a mark must be all that a template does with such a value: a test compares every kind's mails with the plain ones.
Whatever is out of the ordinary, a header above all, goes the plain way, where Django looks after it.
"""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import sanitize_address
from django.utils import translation

from outbox import kinds
from outbox.kinds import Kind
from outbox.models import Message
from outbox.quoted import Form
from outbox.render import Words, constants, headers, language_of, words

# What stands as it is in a header and in the envelope.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ORDINARY_ADDRESS = re.compile(
    rf"(?=.{{1,254}}\Z){_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}})*"
)
_ORDINARY_VALUE = re.compile(r"[!-~]{1,900}")
_OWN_HEADERS = ("Message-ID", "List-Unsubscribe")
_NOT_SHARED = {"content-type", "content-transfer-encoding", "to", "date", "message-id"}
# A process sends the mails of a few causes at a time, in a few languages.
_KEPT = 64


@dataclass(frozen=True)
class Sealed:
    """A mail as it goes over the wire, with its envelope."""

    sender: str
    recipient: str
    content: bytes


@dataclass(frozen=True)
class _Skeleton:
    """All that the mails of one kind, language and cause have in common."""

    sender: str
    head: bytes
    text: Form
    html: Form
    boundary: bytes

    @property
    def keys(self) -> set[str]:
        return {*self.text.keys, *self.html.keys}

    def sealed(self, to: str, own: bytes, values: Mapping[str, str]) -> Sealed:
        date = f"To: {to}\r\nDate: {formatdate()}\r\n".encode()
        parts = (self._part(b"plain", self.text, values), self._part(b"html", self.html, values))
        content = b"".join((self.head, date, own, *parts, b"\r\n--", self.boundary, b"--\r\n"))
        return Sealed(self.sender, to, content)

    def _part(self, subtype: bytes, form: Form, values: Mapping[str, str]) -> bytes:
        kind = b'Content-Type: text/%s; charset="utf-8"\r\nMIME-Version: 1.0\r\n' % subtype
        encoding = b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        return b"".join((b"\r\n--", self.boundary, b"\r\n", kind, encoding, form.filled(values)))


def seal(message: Message) -> Sealed | None:
    """Return the mail of this row ready for the wire; None where it has to be made in the plain way."""
    kind, language = kinds.get(message.kind), language_of(message)
    if not kind.personal or not _ORDINARY_ADDRESS.fullmatch(message.to_address):
        return None
    shared = {key: value for key, value in message.context.items() if key not in kind.personal}
    with translation.override(language):
        ours = headers(message, kind)
        own = {name: ours.pop(name) for name in _OWN_HEADERS if name in ours}
        if not all(map(_ORDINARY_VALUE.fullmatch, own.values())):
            return None
        facts = [{**shared, **constants(language)}, {"From": settings.DEFAULT_FROM_EMAIL, **ours}]
        skeleton = _skeleton(kind, json.dumps(facts, sort_keys=True))
    values = {key: message.context.get(key) for key in skeleton.keys} if skeleton else {}
    texts = {key: value for key, value in values.items() if isinstance(value, str)}
    if skeleton is None or len(texts) < len(values):
        return None
    lines = "".join(f"{name}: {value}\r\n" for name, value in own.items()).encode()
    return skeleton.sealed(message.to_address, lines, texts)


@lru_cache(_KEPT)
def _skeleton(kind: Kind, facts: str) -> _Skeleton | None:
    """Return what all share whose facts are these, in the active language; None where that is not to be had."""
    values, ours = json.loads(facts)
    # Whoever writes a value can't know the marks, and neither escaping nor encoding changes them.
    marks = {f"mark{secrets.token_hex(16)}": key for key in kind.personal}
    said = words(kind, {**{key: mark for mark, key in marks.items()}, **values})
    if not _can_be_cut(said, tuple(marks)):
        return None
    # No text in quoted-printable can have an equals sign before a low line.
    boundary = f"=_{secrets.token_hex(16)}"
    return _Skeleton(
        sender=sanitize_address(ours["From"], settings.DEFAULT_CHARSET),
        head=_head(said.subject, ours, boundary),
        text=Form.cut(said.text, marks, is_html=False),
        html=Form.cut(said.html, marks, is_html=True),
        boundary=boundary.encode(),
    )


def _can_be_cut(said: Words, marks: tuple[str, ...]) -> bool:
    """Say whether values can be put in later: a subject is encoded as a whole, a text loses the blanks at its ends."""
    texts = (said.text.strip(), said.html)
    has_marked_end = any(text.startswith(marks) or text.endswith(marks) for text in texts)
    return not has_marked_end and not any(mark in said.subject for mark in marks)


def _head(subject: str, ours: Mapping[str, str], boundary: str) -> bytes:
    """Return the headers that all share, as Django writes them."""
    plain = EmailMessage(subject=subject, headers={**ours, "Message-ID": "<none>"}).message()
    policy = plain.policy.clone(linesep="\r\n")
    kept = [(name, value) for name, value in plain.items() if name.lower() not in _NOT_SHARED]
    content_type = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n'
    return content_type.encode() + b"".join(policy.fold_binary(name, value) for name, value in kept)
