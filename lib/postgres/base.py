"""Django's PostgreSQL, but for how a connection that waited is found to be alive (`ENGINE` in the settings)."""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at the line before it asks the server: a server that left has said so, and nobody has read it yet."""

    health_check_enabled: bool
    health_check_done: bool

    def close_if_health_check_failed(self) -> None:
        """Close a connection that was lost while it waited; a round trip is spent only where something has come in."""
        if self.health_check_enabled and not self.health_check_done and is_quiet(self.connection):
            self.health_check_done = True
        super().close_if_health_check_failed()


def is_quiet(line: Any) -> bool:
    """Say whether the line is open and nothing has come in: neither an end, nor a last word, nor an error."""
    if line is None or line.closed:
        return False
    poll = select.poll()
    poll.register(line.fileno(), select.POLLIN)
    return not poll.poll(0)
