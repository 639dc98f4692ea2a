"""What is done to accounts outside allauth."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet, RestrictedError
from django.db.models.functions import Lower, Now

from accounts.models import User
from accounts.rows import COLUMNS, person_of
from accounts.sessions import SessionStore
from lib.prepared import Prepared

# The account that has proven the address, or a new one where nobody ever claimed it. No row where somebody did, or is
# doing so at this very moment.
_FIND_OR_MAKE = Prepared(
    "prove",
    f"""
WITH proven AS MATERIALIZED (
  SELECT user_id FROM account_emailaddress WHERE email = %(email)s::text AND verified ORDER BY id LIMIT 1),
made AS (
  INSERT INTO accounts_user (email, name, language, password, time_zone, is_active, is_staff, is_superuser)
  SELECT %(email)s::text, %(name)s::text, %(language)s::text, %(password)s::text, 'UTC', true, false, false
   WHERE NOT EXISTS (SELECT FROM account_emailaddress WHERE email = %(email)s::text)
     AND NOT EXISTS (SELECT FROM accounts_user WHERE lower(email) = %(email)s::text)
  ON CONFLICT DO NOTHING RETURNING {COLUMNS}),
trusted AS (
  INSERT INTO account_emailaddress (user_id, email, verified, "primary")
  SELECT id, %(email)s::text, true, true FROM made)
SELECT {COLUMNS} FROM accounts_user WHERE id = (SELECT user_id FROM proven) UNION ALL SELECT {COLUMNS} FROM made""",  # noqa: S608
)

UNVERIFIED_FOR = timedelta(days=7)
# So many rows go with one short statement; a site with millions of visitors leaves as many sessions.
SESSIONS_AT_ONCE = 5_000


@transaction.atomic
def add_administrator(*, email: str, password: str) -> User:
    """Make an administrator whose address counts as proven."""
    user: User = User.objects.create_superuser(email.lower(), password)
    trust_address(user=user)
    return user


def keep_name(*, user: User, name: str) -> None:
    """Keep the name that somebody without one has just signed with."""
    if name and not user.name:
        User.objects.filter(pk=user.pk, name="").update(name=name)


def trust_address(*, user: User) -> None:
    """Count the person's address as proven, because somebody with the right to do so vouches for it."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def remove_spent_sessions() -> int:
    """Remove sessions that have run out and what allauth lists of them; Django and allauth leave both lying."""
    lasting = Session.objects.filter(pk=OuterRef("session_key"))
    spent, listed = (
        Session.objects.filter(expire_date__lt=Now()),
        UserSession.objects.filter(~Exists(lasting)),
    )
    return _remove_in_portions(spent) + _remove_in_portions(listed)


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


@transaction.atomic(savepoint=False)
def prove(*, email: str, name: str, language: str) -> User:
    """Return the account of somebody who has just proven this address, making one where there is none.

    An account that was made with the address before anybody proved it is taken over clean: whoever made it keeps
    neither a password, nor a session, nor a factor, nor another address of it.
    """
    address = email.lower()
    values = {"email": address, "name": name, "language": language, "password": make_password(None)}
    # Asked twice, as somebody may be proving it at this very moment; nothing proven is ever taken over.
    found = _FIND_OR_MAKE.row(values) or _FIND_OR_MAKE.row(values)
    if found:
        return person_of(found)
    user = _take_over(address, name, language) or _make(address, name, language)
    if user is None:
        # Somebody else made the account at this very moment; now it can be seen.
        return prove(email=email, name=name, language=language)
    EmailAddress.objects.filter(email=address).exclude(user=user).delete()
    trust_address(user=user)
    return user


def _make(address: str, name: str, language: str) -> User | None:
    try:
        with transaction.atomic():
            user: User = User.objects.create_user(address, name=name, language=language)
            return user
    except IntegrityError:
        return None


def _take_over(address: str, name: str, language: str) -> User | None:
    same: QuerySet[User] = User.objects.alias(lowered=Lower("email")).filter(lowered=address)
    user = same.select_for_update(no_key=True).first()
    if user is None:
        return None
    user.email, user.name, user.language = address, name, language
    user.set_unusable_password()
    user.save(update_fields=["email", "name", "language", "password"])
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).exclude(email=address).delete()
    for session in UserSession.objects.filter(user=user):
        SessionStore(session.session_key).delete()
        session.delete()
    return user


def _remove_in_portions(rows: QuerySet[Any]) -> int:
    """Delete these rows in portions, each a transaction of its own."""
    removed = 0
    while portion := rows.model.objects.filter(pk__in=rows.values("pk")[:SESSIONS_AT_ONCE]).delete()[0]:
        removed += portion
    return removed
