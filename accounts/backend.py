"""Who is signed in: read with the session, or by a statement that is always the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from accounts.rows import COLUMNS, person_of
from accounts.sessions import SessionStore
from lib.prepared import Prepared

_READ = Prepared("person", f"SELECT {COLUMNS} FROM accounts_user WHERE id = %(id)s::bigint")  # noqa: S608 - constants
_SESSION: ContextVar[SessionStore | None] = ContextVar("session", default=None)


@contextmanager
def beside(session: SessionStore) -> Iterator[None]:
    """Let whoever asks for a person within this look first at who was read with the session."""
    token = _SESSION.set(session)
    try:
        yield
    finally:
        _SESSION.reset(token)


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's backend; only the look-up of somebody who has signed in is different."""

    def get_user(self, user_id: int) -> User | None:
        """Return the person, unless the account is gone or was deactivated."""
        session = _SESSION.get()
        found = session.person if session else None
        # The session says itself, and signed, whose it is.
        if found is None or found[0] != user_id:
            found = _READ.row({"id": user_id})
        person = person_of(found) if found else None
        return person if person and self.user_can_authenticate(person) else None
