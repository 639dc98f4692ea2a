"""Tables as CSV that spreadsheets open and never run: whatever people typed stays text."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date
from io import StringIO

BOM = "\ufeff"
CHUNK = 32_768
# Excel, LibreOffice and others take a cell for a formula that begins with one of these, in their wide forms too
# (OWASP, “CSV Injection”). A reader who splits at semicolons, tabs or lines finds cells inside a cell as well.
_SKIPPED = r"(?:[^\S\t\r\n]|[\"'\u200b-\u200f\u2060\ufeff])*"
_FORMULA = re.compile(rf"^(?=[\t\r\n])|(?:^|(?<=[;\t\r\n]))(?={_SKIPPED}[=+\-@\u2212＝＋－＠﹢﹣﹦﹫])")
_NUL = "\x00"
# Nearly all cells begin with a letter or a digit, and are cells of their own for every reader.
_PLAIN = re.compile(r"[^\W_][^;\t\r\n\x00]*\Z|\Z")


def inert(value: object) -> str:
    """Return what a cell says, with an apostrophe wherever a spreadsheet would begin to calculate."""
    if isinstance(value, str) and _PLAIN.match(value):
        return value
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return _FORMULA.sub("'", str(value).replace(_NUL, ""))


def rows(header: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
    """Return the table in pieces as UTF-8 after RFC 4180, with the mark that Excel needs; each row is read once."""
    buffer = StringIO(newline="")
    buffer.write(BOM)
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow(map(inert, header))
    for row in rows:
        writer.writerow(map(inert, row))
        if buffer.tell() >= CHUNK:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
