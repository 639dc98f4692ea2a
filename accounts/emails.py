"""The account mails: what allauth calls them, what their templates show and what of it is secret."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from django.conf import settings
from django.urls import translate_url
from django.utils import formats, timezone, translation

from accounts import preferences
from accounts.models import User
from lib import clock
from outbox import kinds
from outbox.models import Message
from outbox.post import Json, post

PROOF_MINUTES = 15


@dataclass(frozen=True)
class AccountMail:
    """One mail: allauth's name for it, ours, and the values that its templates show; nothing else is kept."""

    prefix: str
    kind: str
    values: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    seconds: str | int = 0

    @property
    def lifetime(self) -> timedelta:
        """How long the code or link in it works; zero where there is none."""
        if isinstance(self.seconds, int):
            return timedelta(seconds=self.seconds)
        return timedelta(seconds=getattr(app_settings, self.seconds, None) or getattr(settings, self.seconds))

    def as_kind(self) -> kinds.Kind:
        """Return what the outbox has to know."""
        wanted = self._still_works if self.seconds else None
        template = f"accounts/{self.kind}"
        return kinds.Kind(self.kind, template, secrets=self.secrets, still_wanted=wanted, key_is_spent=True)

    def _still_works(self, message: Message) -> bool:
        # A code that has run out only puzzles whoever types it.
        return clock.now() < message.created_at + self.lifetime


def _code(prefix: str, kind: str, seconds: str | int) -> AccountMail:
    return AccountMail(prefix, kind, ("code",), ("code",), seconds)


MAILS = (
    _code(
        "account/email/email_confirmation_signup",
        "account-welcome-code",
        "EMAIL_VERIFICATION_BY_CODE_TIMEOUT",
    ),
    _code("account/email/email_confirmation", "account-address-code", "EMAIL_VERIFICATION_BY_CODE_TIMEOUT"),
    _code("account/email/login_code", "account-login-code", "LOGIN_BY_CODE_TIMEOUT"),
    _code(
        "account/email/password_reset_code", "account-password-reset-code", "PASSWORD_RESET_BY_CODE_TIMEOUT"
    ),
    _code("accounts/email/proof_code", "account-proof-code", PROOF_MINUTES * 60),
    AccountMail(
        "account/email/password_reset_key",
        "account-password-reset-link",
        ("password_reset_url",),
        ("password_reset_url",),
        "PASSWORD_RESET_TIMEOUT",
    ),
    AccountMail("account/email/account_already_exists", "account-already-exists"),
    AccountMail("account/email/unknown_account", "account-unknown"),
    AccountMail("account/email/email_changed", "account-address-changed", ("from_email", "to_email")),
    AccountMail("account/email/email_deleted", "account-address-removed", ("deleted_email",)),
    AccountMail("account/email/password_changed", "account-password-changed"),
    AccountMail("account/email/password_set", "account-password-set"),
    AccountMail("account/email/password_reset", "account-password-reset-done"),
    AccountMail("mfa/email/totp_activated", "account-authenticator-added"),
    AccountMail("mfa/email/totp_deactivated", "account-authenticator-removed"),
    AccountMail("mfa/email/recovery_codes_generated", "account-recovery-codes"),
    AccountMail("mfa/email/webauthn_added", "account-passkey-added"),
    AccountMail("mfa/email/webauthn_removed", "account-passkey-removed"),
)
BY_PREFIX = {mail.prefix: mail for mail in MAILS}


def register_kinds() -> None:
    """Make every account mail known to the outbox."""
    for mail in MAILS:
        kinds.register(mail.as_kind())


def post_mail(*, prefix: str, to: str, context: Mapping[str, Any], user: User | None) -> None:
    """Write one account mail into the outbox, in the transaction of what caused it."""
    mail = BY_PREFIX[prefix]
    language = language_for(to, user)
    values: dict[str, Json] = {name: str(context[name]) for name in mail.values}
    values |= {
        name: on_our_site(str(context[name]), language) for name in mail.values if name.endswith("_url")
    }
    values |= {
        "email": to,
        "minutes": int(mail.lifetime.total_seconds() // 60),
        "when": _moment(user, language),
    }
    post(
        kind=mail.kind, to=to, language=language, context=values, dedupe_key=f"{mail.kind}:{uuid.uuid4().hex}"
    )


def language_for(to: str, user: User | None) -> str:
    """Return the language the person has chosen, else the one they are reading now."""
    chosen = (
        user.language if user else User.objects.filter(email=to).values_list("language", flat=True).first()
    )
    return preferences.known_language(chosen or translation.get_language() or "")


def on_our_site(url: str, language: str) -> str:
    """Return the address below SITE_URL, whatever host the request named, on the pages of this language."""
    here = translate_url(urlsplit(url)._replace(scheme="", netloc="").geturl(), language)
    return f"{settings.SITE_URL}{here}"


def _moment(user: User | None, language: str) -> str:
    with translation.override(language):
        moment = timezone.localtime(clock.now(), preferences.zone_of(user))
        return f"{formats.date_format(moment, 'DATETIME_FORMAT')} ({moment.tzname()})"
