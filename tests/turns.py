"""Tests that need the whole machine take turns: two at once would try its patience instead of the site's promises."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = Path(tempfile.gettempdir()) / f"hundred-turns-{os.getuid()}.lock"


@contextmanager
def turn() -> Iterator[None]:
    """Wait until no other worker is at such a test, and keep them waiting meanwhile."""
    with LOCK.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
