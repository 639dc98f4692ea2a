"""Who is signed in: asked once for each request of a member, so by a statement that is always the same."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from accounts.rows import COLUMNS, person_of
from lib.prepared import Prepared

_READ = Prepared("person", f"SELECT {COLUMNS} FROM accounts_user WHERE id = %(id)s::bigint")  # noqa: S608 - constants


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's backend; only the look-up of somebody who has signed in is different."""

    def get_user(self, user_id: int) -> User | None:
        """Return the person, unless the account is gone or was deactivated."""
        found = _READ.row({"id": user_id})
        person = person_of(found) if found else None
        return person if person and self.user_can_authenticate(person) else None
