"""How long processors have worked for us: the same on a busy machine, for what waits is not counted."""

import time
from pathlib import Path

from django.db import connection


def worked() -> tuple[float, float]:
    """Return the milliseconds of this process, and of the one that serves our connection on this same machine."""
    if connection.connection is None:
        connection.ensure_connection()
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return 1000 * time.process_time(), int(backend.split()[0]) / 1_000_000
