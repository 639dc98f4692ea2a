"""Sessions in the database, as Django has them, read by one statement that is always the same."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from lib.prepared import Prepared

_READ = Prepared(
    "session",
    "SELECT session_data FROM django_session"
    " WHERE session_key = %(key)s AND expire_date > statement_timestamp()",
)


class SessionStore(DatabaseStore):
    """Django's store; only reading is different. Its name goes into the signature of what is stored."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; one that ran out or was ended holds nothing and loses its key."""
        found = _READ.row({"key": self.session_key})
        if found is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(found[0])
        return data
