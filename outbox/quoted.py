"""Text in quoted-printable, in runs that can be put one behind the other.

Each run ends with a line break, a soft one where the text goes on, so the next begins on a line of its own: whatever
the runs say, no line is longer than 76 characters, and what is joined never has to be encoded again.
"""

import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape

_SOFT_BREAK = b"=\r\n"
_LINE_ENDS = re.compile(r"\r\n?")


def run(text: str) -> bytes:
    """Return the text as lines that end with CRLF; nothing is nothing."""
    if not text:
        return b""
    # The letter behind the text keeps room for a soft break, and blanks at the end from being the last on their line.
    lines = binascii.b2a_qp(f"{_LINE_ENDS.sub(chr(10), text)}X".encode())[:-1].replace(b"\n", b"\r\n")
    return lines if lines.endswith(b"\r\n") else lines + _SOFT_BREAK


@dataclass(frozen=True)
class Form:
    """A text with gaps, encoded but for what comes into the gaps: there stand the values of `keys`, in this order."""

    runs: tuple[bytes, ...]
    keys: tuple[str, ...]
    is_html: bool

    @classmethod
    def cut(cls, text: str, marks: Mapping[str, str], *, is_html: bool) -> "Form":
        """Make gaps of the marks; each stands for a key."""
        pieces: Sequence[str] = re.split(f"({'|'.join(marks)})", text) if marks else [text]
        keys = tuple(marks[mark] for mark in pieces[1::2])
        return cls(tuple(run(piece) for piece in pieces[::2]), keys, is_html)

    def filled(self, values: Mapping[str, str]) -> bytes:
        """Return the whole text with these values in its gaps, escaped where they stand in HTML."""
        lines = [self.runs[0]]
        for key, rest in zip(self.keys, self.runs[1:], strict=True):
            lines += (run(escape(values[key]) if self.is_html else values[key]), rest)
        return b"".join(lines).removesuffix(_SOFT_BREAK)
