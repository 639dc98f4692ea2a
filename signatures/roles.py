"""What people may do to signatures; services ask here, so that no request can do more than a button."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from accounts.models import User

RELEASE = "signatures.release_signature"
REMOVE = "signatures.remove_signature"
HIDE = "signatures.hide_reason"
EXPORT = "signatures.export_signatures"


def require(person: "User", permission: str) -> None:
    """Refuse whoever does not hold the permission."""
    if not person.has_perm(permission):
        raise PermissionDenied(_("Your role doesn’t allow this."))
