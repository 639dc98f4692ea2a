"""Whether a person has a second factor, and whether this session has shown it."""

from typing import cast

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from accounts.models import User

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_one(user: User) -> bool:
    """Say whether the person has an authenticator app or a passkey; asked once for each request's user."""
    known: bool | None = user.__dict__.get("_has_second_factor")
    if known is None:
        known = user.__dict__["_has_second_factor"] = bool(is_mfa_enabled(user, FACTORS))
    return known


def is_shown(request: HttpRequest) -> bool:
    """Say whether this session was opened, or confirmed, with a factor that the person still has."""
    user = cast(User, request.user)
    records = get_authentication_records(request, user)
    return any(record["method"] == "mfa" for record in records) and has_one(user)
