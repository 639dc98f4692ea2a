"""Captured plain text as lines and blocks: what pages and articles have in common."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lib.text import clean_line
from petitions.importing.found import Unfit, normalised

# What whoever saved a capture adds below it (seeds/README.md).
_REMARK = re.compile(r"Import (?P<name>note|topic): (?P<value>.+)", re.IGNORECASE)
_COMMENT_LINK = r"(?:leave|post|add|write) a (?:comment|reply)(?: ?cancel reply)?[.!]?"
_COMMENT_LINE = re.compile(_COMMENT_LINK, re.IGNORECASE)
_COMMENT_GLUED = re.compile(rf"(?<=[.!?…”\"'’)\]]) ?{_COMMENT_LINK}$", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One line of the file with single spaces; an empty one parts two blocks."""

    number: int
    text: str


@dataclass(frozen=True)
class Capture:
    """A captured text: its first line, the lines below it, and the remarks added at its end."""

    title: Line
    rest: tuple[Line, ...]
    remarks: dict[str, Line]

    def remark(self, name: str) -> str:
        """Return what was remarked under this name, or an empty string."""
        return self.remarks[name].text if name in self.remarks else ""

    def places(self) -> dict[str, int]:
        """Return the lines on which the title and the remarks stand."""
        return {"title": self.title.number, **{name: line.number for name, line in self.remarks.items()}}


@dataclass(frozen=True)
class Mark:
    """A recognised line: where it stands and what it says."""

    line: int
    says: dict[str, str]


def capture(text: str) -> Capture:
    """Take a captured text apart; repeated titles and comment links are furniture and are left out."""
    lines, remarks = _remarks(_trimmed(_lines(text)))
    title, rest = lines[0], lines[1:]
    return Capture(title, tuple(_without_furniture(rest, title)), remarks)


def take(lines: Sequence[Line], pattern: re.Pattern[str]) -> tuple[list[Line], Mark | None]:
    """Blank every line of this pattern; return the lines and the first mark."""
    marks: list[Mark] = []
    rest: list[Line] = []
    for line in lines:
        match = pattern.fullmatch(line.text)
        if match:
            marks.append(Mark(line.number, match.groupdict("")))
        rest.append(Line(line.number, "") if match else line)
    return rest, marks[0] if marks else None


def blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the runs of lines that stand together."""
    block: list[Line] = []
    for line in (*lines, Line(0, "")):
        if line.text:
            block.append(line)
        elif block:
            yield block
            block = []


def body_of(lines: Sequence[Line], title: Line) -> str:
    """Return the paragraphs, parted by blank lines; a text that says nothing is unfit."""
    body = "\n\n".join("\n".join(line.text for line in block) for block in blocks(lines))
    if not normalised(body):
        raise Unfit((title.number, "there is no text below the title"))
    return body


def _lines(text: str) -> list[Line]:
    """Return the lines with their numbers; several empty ones part as well as one."""
    lines: list[Line] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        line = clean_line(raw) if raw else ""
        if line or (lines and lines[-1].text):
            lines.append(Line(number, line))
    return lines


def _trimmed(lines: list[Line]) -> list[Line]:
    full = [index for index, line in enumerate(lines) if normalised(line.text)]
    if not full:
        raise Unfit((1, "the file is empty"))
    return lines[full[0] : full[-1] + 1]


def _remarks(lines: list[Line]) -> tuple[list[Line], dict[str, Line]]:
    """Part the remarks from the text above them."""
    remarks: dict[str, Line] = {}
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        match = _REMARK.fullmatch(line.text)
        if match:
            remarks[match["name"].lower()] = Line(line.number, match["value"].strip())
        elif line.text:
            return lines[: index + 1], remarks
    raise Unfit((1, "there is no title"))


def _without_furniture(lines: list[Line], title: Line) -> Iterator[Line]:
    same = normalised(title.text)
    for index, line in enumerate(lines):
        text = _COMMENT_GLUED.sub("", line.text) if index == len(lines) - 1 else line.text
        dropped = normalised(text) == same or _COMMENT_LINE.fullmatch(text)
        yield Line(line.number, "" if dropped else text)
