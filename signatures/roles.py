"""What people may do to signatures; services ask here, so that no request can do more than a button."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from petitions.states import NotAllowed

if TYPE_CHECKING:
    from accounts.models import User
    from petitions.models import Petition

RELEASE = "signatures.release_signature"
REMOVE = "signatures.remove_signature"
HIDE = "signatures.hide_reason"
EXPORT = "signatures.export_signatures"


def require(person: "User", permission: str) -> None:
    """Refuse whoever does not hold the permission."""
    if not person.has_perm(permission):
        raise PermissionDenied(_("Your role doesn’t allow this."))


def why_not(person: "User", petition: "Petition") -> str:
    """Return the sentence that says why this person decides on no signature of the petition, or an empty one."""
    if petition.starter_id != person.pk:
        return ""
    return _("You started this petition; another moderator has to decide on its signatures.")


def require_for(person: "User", permission: str, *petitions: "Petition") -> None:
    """Refuse whoever does not hold the permission, and whoever started one of these petitions."""
    require(person, permission)
    for petition in petitions:
        if sentence := why_not(person, petition):
            raise NotAllowed(sentence)
