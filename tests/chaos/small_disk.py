"""A disk of a few megabytes for the site's tables: a real file system that really says that no space is left."""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extensions import cursor

from tests.chaos.ground import Site

MEGABYTES = 96
PAGE_BYTES = 8192
TRIES = 10
_MOVE = "ALTER {} ALL IN TABLESPACE {} SET TABLESPACE {}"


class Disk:
    """The small disk; a balloon on it takes all the space that is left."""

    def __init__(self, folder: Path) -> None:
        self.balloon = folder / "balloon"

    def fill(self) -> None:
        """Leave no byte."""
        with self.balloon.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            for piece in (b"\0" * 1_000_000, b"\0" * 4096, b"\0"):
                with contextlib.suppress(OSError):
                    while file.write(piece):
                        pass

    def give_a_page(self) -> None:
        """Give back as much as one of PostgreSQL's pages takes."""
        os.truncate(self.balloon, self.balloon.stat().st_size - PAGE_BYTES)

    def free(self) -> None:
        """Give the space back."""
        self.balloon.unlink()


@contextlib.contextmanager
def with_tables_of(site: Site) -> Iterator[Disk]:
    """Move all tables of the site onto a small disk for a while."""
    with _mounted(_account(site)) as folder:
        disk = Disk(folder)
        _as_postgres(site, [f"CREATE TABLESPACE small LOCATION '{folder / 'tables'}'"])
        try:
            _as_postgres(site, _moves("pg_default", "small"))
            yield disk
        finally:
            with contextlib.suppress(FileNotFoundError):
                disk.free()
            _as_postgres(site, [*_moves("small", "pg_default"), "DROP TABLESPACE small"])


def _moves(source: str, target: str) -> list[str]:
    return [_MOVE.format(kind, source, target) for kind in ("TABLE", "INDEX")]


def _account(site: Site) -> tuple[int, int]:
    facts = Path(f"/proc/{site.postgres.pid}").stat()
    return facts.st_uid, facts.st_gid


@contextlib.contextmanager
def _mounted(account: tuple[int, int]) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="hundred-small-"))
    folder.chmod(0o711)
    options = f"size={MEGABYTES}m,mode=0711"
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no small file system can be mounted here, which takes root: {done.stderr.strip()}")
        try:
            (folder / "tables").mkdir(mode=0o700)
            os.chown(folder / "tables", *account)
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    finally:
        folder.rmdir()


def _as_postgres(site: Site, statements: list[str]) -> None:
    connection = psycopg2.connect(site.settings["DATABASE_URL"], user="postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as asking:
            for statement in statements:
                _until_done(asking, statement)
    finally:
        connection.close()


def _until_done(asking: cursor, statement: str) -> None:
    """Try again where it met the site, which takes the same locks in another order: one of the two has to give way."""
    for _another in range(TRIES - 1):
        with contextlib.suppress(psycopg2.errors.DeadlockDetected):
            asking.execute(statement)
            return
    asking.execute(statement)
