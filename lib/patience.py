"""An end to waiting for a database that took the question and never answers: a frozen process, a disk that hangs."""

import contextlib
import os
import socket
import threading
from collections.abc import Iterator

from django.db import InterfaceError, connections
from django.db.backends.base.base import BaseDatabaseWrapper


@contextlib.contextmanager
def waiting_at_most(seconds: float, alias: str) -> Iterator[None]:
    """Hang up on that database after so long; whoever waits for its answer meets a lost connection.

    The network's own time-outs don't help where the system still answers for a process that does not.
    """
    timer = threading.Timer(seconds, _hang_up, [connections[alias]])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(database: BaseDatabaseWrapper) -> None:
    with contextlib.suppress(OSError, InterfaceError, AttributeError), _line_of(database) as line:
        line.shutdown(socket.SHUT_RDWR)


def _line_of(database: BaseDatabaseWrapper) -> socket.socket:
    # A second descriptor of the same line: closing ours closes nothing under libpq's hands.
    return socket.socket(fileno=os.dup(database.connection.fileno()))
