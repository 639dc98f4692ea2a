"""One run for one data folder."""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from embedded.trouble import Trouble

# What an earlier run left behind ends by itself when its launcher dies; longer than its slowest stop.
PATIENCE = 30.0


def is_held(path: Path) -> bool:
    """Tell whether a process still holds the lock."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return not _try_to_take(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def hold(path: Path, *, busy: str, pause: Callable[[float], None] = time.sleep) -> Iterator[int]:
    """Hold the lock, or say in one line who does.

    Children inherit the descriptor, so the lock is free only when the last of them has gone: whoever
    takes it knows that no server of an earlier run is still writing.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(descriptor, busy, pause)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _take(descriptor: int, busy: str, pause: Callable[[float], None]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _try_to_take(descriptor):
        holder = os.pread(descriptor, 20, 0).decode()
        if _is_alive(holder):
            raise Trouble(
                f"{busy} (process {holder}). Stop it first, or choose another folder with DATA_DIR."
            )
        if time.monotonic() > deadline:
            raise Trouble(f"{busy}: processes of an earlier run are still there. End them first.")
        pause(0.1)


def _try_to_take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
