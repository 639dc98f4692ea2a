"""What moderators do to signatures, done by Sue, a senior one, where it does not matter who."""

from django.contrib.auth.models import Group

from accounts.models import User
from signatures.models import Kind, Signature
from signatures.services import hiding, removing
from tests.conftest import person

SUE = "sue@example.org"


def sue() -> User:
    """Return the senior moderator."""
    known = User.objects.filter(email=SUE).first()
    if known is None:
        known = person(SUE, "Sue Senior", is_staff=True)
        known.groups.add(Group.objects.get(name="Senior moderators"))
    return known


def release(signature: Signature) -> bool:
    return removing.release(signature=signature, by=sue())


def remove(signature: Signature, kind: str = Kind.MADE_UP) -> bool:
    return bool(removing.remove(signatures=[signature], kind=kind, note="A test.", by=sue()))


def undo_removal(signature: Signature) -> bool:
    return removing.undo_removal(signature=signature, by=sue())


def hide_reason(signature: Signature) -> bool:
    return hiding.hide_reason(signature=signature, by=sue())


def show_reason(signature: Signature) -> bool:
    return hiding.show_reason(signature=signature, by=sue())
