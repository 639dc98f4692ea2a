"""People in the admin: found, given roles, put to rest; never deleted, as records point to them."""

from typing import Any, cast

import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401 - both register themselves, before they are taken off below
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts import came_back, services
from accounts.forms import AddPersonForm
from accounts.models import User
from lib.paging import FirstOnes
from outbox.models import Suppression

# allauth's pages show the secret of an authenticator app and the keys of other people's sessions.
admin.site.unregister([Authenticator, UserSession])

CAME_BACK = '<div>{}: <q>{}</q> <a href="{}">{}</a></div>'
# How many people are looked at for a part of a name or an address; no index has them.
LOOKED_AT = 50_000
ROLES = ("is_staff", "is_superuser", "groups")


def _lift_url(row: Suppression) -> str:
    return reverse("admin:outbox_suppression_delete", args=[row.pk])


def _roles_beyond(person: User) -> tuple[str, ...]:
    """Return the roles that this person can't give."""
    if person.is_superuser:
        return ()
    return ("is_superuser",) if person.has_perm("auth.change_group") else ROLES


@admin.register(User)
class PersonAdmin(admin.ModelAdmin[User]):
    """Addresses and passwords are the person's own business; roles are an administrator's."""

    list_display = ("email", "name", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "name")
    search_help_text = _(
        "A whole address; or parts of one or of a name, among the latest 50,000 that the filters leave"
    )
    # Numbers are given in the order of joining.
    ordering = ("-pk",)
    list_per_page = 50
    paginator = FirstOnes
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    filter_horizontal = ("groups",)
    readonly_fields = ("email", "came_back", "date_joined", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "came_back", "name", "language", "time_zone", "is_active")}),
        (_("Roles"), {"fields": ROLES}),
        (_("Dates"), {"fields": ("date_joined", "last_login")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody deletes a person here; they are made inactive."""
        return False

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say what is done instead."""
        raise PermissionDenied(
            _("People are never deleted, because records name them. Untick “active” on the person’s page.")
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Find a whole address by its index; for parts of one, or of a name, the latest are looked at."""
        typed = search_term.strip()
        whole = queryset.alias(plain_email=Lower("email")).filter(plain_email=Lower(Value(typed)))
        if "@" in typed and whole.exists():
            return whole, False
        before = queryset.order_by("-pk").values_list("pk", flat=True)[LOOKED_AT : LOOKED_AT + 1]
        latest = queryset.filter(pk__gt=next(iter(before), 0))
        return super().get_search_results(request, latest, search_term)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Ask for little when somebody is added."""
        return (
            super().get_fieldsets(request, obj) if obj else ((None, {"fields": AddPersonForm.Meta.fields}),)
        )

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Take the form for adding where there is nobody yet."""
        return super().get_form(
            request, obj, change, **(kwargs if obj else {**kwargs, "form": AddPersonForm})
        )

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Superusers alone change superusers."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obj.is_superuser or cast(User, request.user).is_superuser)

    @admin.display(description=_("mail"))
    def came_back(self, obj: User) -> SafeString:
        """Say which of the person's addresses mails came back from, with the way to lift that."""
        found = ((row.at, row.answer, _lift_url(row)) for row in came_back.addresses_of(obj))
        lines = format_html_join(
            "", CAME_BACK, ((date_format(at), answer, url, _("Lift it…")) for at, answer, url in found)
        )
        return lines or format_html("{}", _("Nothing came back."))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Who may change groups gives roles: with the right to edit people alone nobody makes themselves one."""
        return (*(self.readonly_fields if obj else ()), *_roles_beyond(cast(User, request.user)))

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        """Save; whoever is added signs in by a code sent to the address that the administrator vouches for."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            services.trust_address(user=obj)


@admin.register(Authenticator)
class FactorAdmin(admin.ModelAdmin[Authenticator]):
    """Second factors without their secrets; one is removed for somebody who has lost it."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    search_fields = ("user__email",)
    list_select_related = ("user",)
    fields = readonly_fields = list_display
    ordering = ("-created_at", "-pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds a factor for somebody else."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Authenticator | None = None) -> bool:
        """Nobody changes one."""
        return False
