"""Files and folders: which are read, and what makes one unreadable."""

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib.text import clean_line
from petitions.importing import shapes
from petitions.importing.found import Fault, SeedFile, Unfit

SUFFIXES = (".md", ".txt")
LARGEST = 1_000_000
_BOM = "\ufeff"


@dataclass(frozen=True)
class Reading:
    """What was read, in order, and every reason against what was not."""

    files: list[SeedFile]
    faults: list[Fault]


@dataclass(frozen=True)
class _Source:
    """A file to read and the folder that it must not lead out of."""

    path: Path
    folder: Path


def read(paths: Iterable[Path]) -> Reading:
    """Read every seed among these files and folders; nothing is written anywhere."""
    files: list[SeedFile] = []
    faults: list[Fault] = []
    sources: list[_Source] = []
    for path in paths:
        try:
            sources += _sources(path)
        except Unfit as unfit:
            faults += _faults(path, unfit)
    for source in _once(sources):
        try:
            files.append(_seed(source))
        except Unfit as unfit:
            faults += _faults(source.path, unfit)
    return Reading(files, faults)


def _sources(path: Path) -> list[_Source]:
    try:
        if path.is_dir():
            return [_Source(each, path) for each in sorted(path.iterdir()) if _is_seed(each)]
    except OSError as fault:
        raise Unfit((1, f"can’t be read: {fault.strerror}")) from fault
    if not os.path.lexists(path):
        raise Unfit((1, "there is no such file or folder"))
    return [_Source(path, path.parent)]


def _seed(source: _Source) -> SeedFile:
    found = shapes.read(_text(source), suffix=source.path.suffix.lower())
    return SeedFile(_shown(source.path), _printable(source.path.name), found)


def _faults(path: Path, unfit: Unfit) -> list[Fault]:
    return [Fault(_shown(path), line, reason) for line, reason in unfit.problems]


def _is_seed(path: Path) -> bool:
    hidden_or_about = path.name.startswith(".") or path.name.lower() == "readme.md"
    return path.suffix.lower() in SUFFIXES and not hidden_or_about


def _once(sources: Iterable[_Source]) -> Sequence[_Source]:
    """Leave out what is named twice, as `seeds seeds/one.txt` does."""
    return list({os.path.abspath(source.path): source for source in sources}.values())  # noqa: PTH100 - links stay


def _text(source: _Source) -> str:
    if source.path.suffix.lower() not in SUFFIXES:
        raise Unfit((1, f"is neither a folder nor a file ending in {' or '.join(SUFFIXES)}"))
    try:
        data = _bytes(source)
    except OSError as fault:
        raise Unfit((1, f"can’t be read: {fault.strerror}")) from fault
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        raise Unfit((data.count(b"\n", 0, fault.start) + 1, "is not UTF-8")) from fault
    return text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n")


def _bytes(source: _Source) -> bytes:
    real = Path(os.path.realpath(source.path, strict=True))
    if not real.is_relative_to(os.path.realpath(source.folder)):
        raise Unfit((1, "is a link that leads out of its folder"))
    if not stat.S_ISREG(real.stat().st_mode):
        raise Unfit((1, "is not a file"))
    with real.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Unfit((1, f"is larger than {LARGEST:,} bytes"))
    return data


def _shown(path: Path) -> str:
    return _printable(str(path))


def _printable(text: str) -> str:
    """Return a name as one line that any terminal and the database take."""
    return clean_line(os.fsencode(text).decode(errors="replace"))
