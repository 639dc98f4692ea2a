"""Sessions in the database, as Django has them, read with their person by one statement that is always the same."""

from collections.abc import Sequence
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from accounts.rows import COLUMNS_OF_U
from lib.prepared import Prepared

# allauth keeps which person each session is of.
_READ = Prepared(
    "session",
    f"SELECT s.session_data, {COLUMNS_OF_U}"  # noqa: S608 - constants
    " FROM django_session s LEFT JOIN usersessions_usersession o ON o.session_key = s.session_key"
    " LEFT JOIN accounts_user u ON u.id = o.user_id"
    " WHERE s.session_key = %(key)s AND s.expire_date > statement_timestamp()",
)


class SessionStore(DatabaseStore):
    """Django's store; only reading is different. Its name goes into the signature of what is stored."""

    # The row of whom allauth says that the session is; the session itself has the last word (`accounts.backend`).
    person: Sequence[Any] | None = None

    def load(self) -> dict[str, Any]:
        """Return what the session holds; one that ran out or was ended holds nothing and loses its key."""
        found = _READ.row({"key": self.session_key})
        if found is None:
            self._session_key = None
            return {}
        self.person = found[1:]
        data: dict[str, Any] = self.decode(found[0])
        return data
