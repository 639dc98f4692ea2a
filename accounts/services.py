"""What is done to accounts outside allauth."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from accounts.models import User

UNVERIFIED_FOR = timedelta(days=7)


@transaction.atomic
def add_administrator(*, email: str, password: str) -> User:
    """Make an administrator whose address counts as proven."""
    user: User = User.objects.create_superuser(email.lower(), password)
    trust_address(user=user)
    return user


def trust_address(*, user: User) -> None:
    """Count the person's address as proven, because somebody with the right to do so vouches for it."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def remove_unverified(*, now: datetime) -> int:
    """Remove sign-ups that nobody completed within a week, and return how many; whoever owns anything stays."""
    overdue = User.objects.never_used().filter(date_joined__lt=now - UNVERIFIED_FOR)
    return sum(_remove(pk) for pk in overdue.values_list("pk", flat=True).iterator())


def _remove(pk: int) -> int:
    try:
        with transaction.atomic():
            # Locked and asked again: somebody may be typing the code at this very moment.
            person = (
                User.objects.never_used()
                .select_for_update(skip_locked=True, of=("self",))
                .filter(pk=pk)
                .first()
            )
            return int(bool(person and person.delete()))
    except (ProtectedError, RestrictedError):
        return 0
