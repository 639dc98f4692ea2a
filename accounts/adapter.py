"""Where allauth meets the house: mail becomes rows, addresses are read in one way, links stay on the site."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context as allauth_context
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts import emails
from accounts.models import User
from accounts.preferences import known_language
from lib.client_ip import client_ip


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's decisions that this site takes differently."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail into the outbox, in the request's transaction; nothing is sent from here."""
        reader = getattr(allauth_context.request, "user", None)
        user = context.get("user") or reader
        known = user if isinstance(user, User) else None
        emails.post_mail(prefix=template_prefix, to=email, context=context, user=known)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Keep the name as well, and the language in which the person signed up."""
        user.name = form.cleaned_data.get("name", "")
        user.language = known_language(translation.get_language() or "")
        user.time_zone = timezone.get_current_timezone_name()
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Note that whoever ends a sign-up has just typed the code from their mailbox; allauth notes nothing."""
        if kwargs.get("signup"):
            record_authentication(request, user, method="code", email=user.email)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that limits count by; it is never an error to have none."""
        return client_ip(request)

    def is_safe_url(self, url: str) -> bool:
        """Allow paths on this site and nothing else: no other host is ever redirected to."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Offer an e-mailed code to those who have neither a password nor a second factor."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if methods or not user.is_authenticated:
            return methods
        return [
            {"id": "code", "description": _("Use a code sent by e-mail"), "url": reverse("accounts:prove")}
        ]
