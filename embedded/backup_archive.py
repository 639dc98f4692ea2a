"""The one file of a backup: a tar with the dump, what it holds, and the keys without which it is worth little."""

import contextlib
import hashlib
import io
import json
import os
import shlex
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from embedded.trouble import Trouble

FORMAT = 1
MANIFEST, DUMP, KEYS = "manifest.json", "database.dump", "keys"
# How the first administrator of a laptop's site signs in; the account itself is in the dump.
NOTES = ("admin-email", "admin-password")
KEY_NAMES = ("SECRET_KEY", "IDENTITY_KEY")
CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself: when, of what, and how it can be told to be whole."""

    at: str
    server: str
    counts: dict[str, Any]
    dump_sha256: str
    identity_key_sha256: str
    format: int = FORMAT


@dataclass(frozen=True)
class Contents:
    """What was unpacked: the manifest, the dump on disk, and what else there was."""

    manifest: Manifest
    dump: Path
    keys: dict[str, str] = field(default_factory=dict, repr=False)
    notes: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def unpacked(cls, archive: tarfile.TarFile, folder: Path) -> Self:
        """Unpack into the folder the members that we know, and nothing else."""
        manifest = _manifest(_text(archive, MANIFEST))
        dump = folder / DUMP
        with _member(archive, DUMP) as source, dump.open("wb") as target:
            digest = hashlib.sha256()
            while block := source.read(CHUNK):
                digest.update(block)
                target.write(block)
        if digest.hexdigest() != manifest.dump_sha256:
            raise Trouble("The backup is damaged: its dump is not the one that was written.")
        names = set(archive.getnames())
        keys = _pairs(_text(archive, KEYS)) if KEYS in names else {}
        return cls(manifest, dump, keys, {name: _text(archive, name) for name in NOTES if name in names})


def fingerprint(key: str) -> str:
    """Return what tells two keys apart and gives neither away; the keys are long and random."""
    return hashlib.sha256(f"hundred backup:{key}".encode()).hexdigest()


def digest_of(file: Path) -> str:
    """Return the file's SHA-256."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def write(target: Path, manifest: Manifest, dump: Path, texts: Mapping[str, str]) -> None:
    """Put everything into the target at once or not at all, readable by its owner only."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as archive:
                _add(archive, MANIFEST, json.dumps(asdict(manifest), indent=2))
                for member, text in texts.items():
                    _add(archive, member, text)
                archive.add(dump, DUMP, filter=_anonymous)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


@contextlib.contextmanager
def unpacked(file: Path, beside: Path) -> Iterator[Contents]:
    """Yield what the backup holds; what was unpacked is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=beside) as folder:
        try:
            with tarfile.open(file) as archive:
                contents = Contents.unpacked(archive, Path(folder))
        except (tarfile.TarError, EOFError) as fault:
            raise Trouble(f"{file} is no backup of this site, or is damaged: {fault}.") from fault
        yield contents


def keys_as_text(keys: Mapping[str, str]) -> str:
    """Return the keys as lines that a shell and systemd can read."""
    return "".join(f"{name}={shlex.quote(keys[name])}\n" for name in KEY_NAMES)


def _pairs(text: str) -> dict[str, str]:
    return dict(entry.split("=", 1) for entry in shlex.split(text))


def _manifest(text: str) -> Manifest:
    found = json.loads(text)
    if found.get("format") != FORMAT:
        raise Trouble(f"The backup has format {found.get('format')}, this version reads {FORMAT}.")
    return Manifest(**found)


def _add(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    entry = _anonymous(tarfile.TarInfo(name))
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def _member(archive: tarfile.TarFile, name: str) -> Any:
    try:
        found = archive.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise Trouble(f"The backup is damaged: it has no {name}.")
    return found


def _text(archive: tarfile.TarFile, name: str) -> str:
    with _member(archive, name) as source:
        return str(source.read().decode())
