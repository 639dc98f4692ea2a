"""Django's admin behind our own door: allauth's sign-in, a second factor, the person's language and time."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from allauth.account.adapter import get_adapter
from allauth.account.decorators import secure_admin_login
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.httpkit import add_query_params
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts import preferences, second_factor
from accounts.models import User
from lib import desk
from lib.offered import OnlyOffered

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class HundredAdminSite(AdminSite):
    """The rooms of moderators and administrators."""

    site_title = settings.SITE_NAME
    site_header = settings.SITE_NAME
    index_title = gettext_lazy("What is waiting")

    def has_permission(self, request: HttpRequest) -> bool:
        """Let staff in; where the operator demands it, only those who have shown a second factor in this session."""
        if not super().has_permission(request):
            return False
        return not settings.STAFF_MFA_REQUIRED or second_factor.is_shown(request)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Let the address of no list, whoever wrote it, ask what its filters do not offer."""
        chosen: Any = admin_class or ModelAdmin
        kept = type(
            chosen.__name__,
            (OnlyOffered, chosen),
            {"__doc__": chosen.__doc__, "__module__": chosen.__module__},
        )
        super().register(model_or_iterable, kept, **options)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Speak the person's language and show their time: the admin's addresses have no language of their own."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with preferences.in_the_terms_of(cast(User, request.user)):
                return preferences.rendered(inner(request, *args, **kwargs))

        return cast(View, spoken)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show first what waits for this person."""
        waiting = desk.waiting_for(request.user.has_perm)
        return super().index(request, {"desk": waiting, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send to what is missing: signing in, a second factor, or showing it. Django's own form is never used."""
        response: HttpResponse = never_cache(secure_admin_login(self._let_in))(request)
        return response

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Change passwords where everybody does, so that a mail tells of it."""
        return redirect("account_change_password")

    def _let_in(self, request: HttpRequest) -> HttpResponse:
        target = get_next_redirect_url(request) or reverse("admin:index")
        if self.has_permission(request):
            return HttpResponseRedirect(target)
        if not second_factor.has_one(cast(User, request.user)):
            messages.warning(
                request, _("The admin needs a second factor. Add an authenticator app or a passkey first.")
            )
            return redirect("mfa_index")
        methods = get_adapter().get_reauthentication_methods(request.user)
        url = next(method["url"] for method in methods if method["id"].startswith("mfa"))
        return HttpResponseRedirect(add_query_params(url, {"next": target}))
