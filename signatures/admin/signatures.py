"""Signatures in the admin: found, looked at, and decided on through services; no form writes one."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lib.paging import FirstOnes
from outbox.masking import mask
from petitions.admin.kept import ReadOnly
from petitions.admin.tags import state_tag
from signatures.admin import exporting, pages
from signatures.admin.decisions import DECISIONS, IN_BULK
from signatures.admin.filters import (
    DayFilter,
    PetitionFilter,
    ReasonFilter,
    RemovalFilter,
    StateFilter,
    SuspicionFilter,
)
from signatures.desk import HIDDEN_LATELY
from signatures.models import Signature, State, Suspicion
from signatures.querysets import SignatureQuerySet

# How many names are looked at; no index has them.
LOOKED_AT = 50_000
# Short words for the narrow list; the page of one signature says it in full.
UNCONFIRMED: Any = _("unconfirmed")
HINTS: dict[str, Any] = {
    Suspicion.HONEYPOT: _("hidden field"),
    Suspicion.HASTE: _("haste"),
    Suspicion.NETWORK: _("network"),
}
Action = Callable[["SignatureAdmin", HttpRequest, QuerySet[Signature]], HttpResponse | None]


def _in_bulk(code: str) -> Action:
    decision = DECISIONS[code]

    @admin.action(description=decision.label, permissions=[code])
    def act(room: "SignatureAdmin", request: HttpRequest, chosen: QuerySet[Signature]) -> HttpResponse | None:
        """Ask about the chosen ones, oldest first, then do it."""
        found = list(chosen.order_by("pk")[: pages.AT_ONCE + 1])
        signatures, are_more = found[: pages.AT_ONCE], len(found) > pages.AT_ONCE
        return pages.ask_or_do(request, room, decision, signatures, action=code, are_more=are_more)

    act.__name__ = code
    return act


@admin.register(Signature)
class SignatureAdmin(ReadOnly):
    """Addresses are masked, names are shown where their people show them; whole addresses can be searched for."""

    actions: Any = [_in_bulk(code) for code in IN_BULK]
    list_display = ("shown_title", "standing", "day", "who")
    list_filter = (PetitionFilter, DayFilter, StateFilter, SuspicionFilter, ReasonFilter, RemovalFilter)
    search_fields = ("email", "name")
    search_help_text = _(
        "A whole address; or parts of a name, among the latest 50,000 that the filters leave"
    )
    list_per_page = 50
    paginator = FirstOnes
    show_full_result_count = False
    # Each count would be one more walk through all signatures.
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ("day",)

    def get_urls(self) -> list[URLPattern]:
        """Add where decisions are posted, and where a petition’s signatures are had as a file."""
        decide = path(
            "<int:pk>/decide/<slug:code>/",
            self.admin_site.admin_view(self._decide),
            name="signatures_signature_decide",
        )
        export = path(
            "export/<int:petition>/",
            self.admin_site.admin_view(self._export),
            name="signatures_signature_export",
        )
        return [decide, export, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Signature]:
        """Bring the petition's title in the same query."""
        return Signature.objects.for_lists()

    def get_ordering(self, request: HttpRequest) -> Any:
        """Put the oldest of the held first, and of reasons hidden lately the first; of all others the latest."""
        if request.GET.get("state") == State.HELD:
            return ["asked_at", "pk"]
        if request.GET.get("reason") == HIDDEN_LATELY:
            return ["reason_hidden_at", "pk"]
        # Of one day by its time, which an index has; the numbers are in the same order.
        return ["-asked_at", "-pk"] if request.GET.get("day") else ["-pk"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Signature], search_term: str
    ) -> tuple[QuerySet[Signature], bool]:
        """Find a whole address, or parts of a proven name."""
        words = search_term.strip()
        if not words:
            return queryset, False
        signatures = cast(SignatureQuerySet, queryset)
        return signatures.at(words) if "@" in words else signatures.named(words, among=LOOKED_AT), False

    def has_release_permission(self, request: HttpRequest) -> bool:
        """Say who may release from the list."""
        return request.user.has_perm(DECISIONS["release"].permission)

    def has_remove_permission(self, request: HttpRequest) -> bool:
        """Say who may remove from the list."""
        return request.user.has_perm(DECISIONS["remove"].permission)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list; nobody posts to it without the permission."""
        may = self.has_release_permission(request) or self.has_remove_permission(request)
        if request.method == "POST" and not may:
            raise PermissionDenied
        return super().changelist_view(request, extra_context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the page of one signature instead of a form."""
        return pages.detail(request, self, object_id)

    @admin.display(description=_("petition"))
    def shown_title(self, obj: Signature) -> str:
        """Return the petition's title."""
        return obj.petition.title

    @admin.display(description=_("state"))
    def standing(self, obj: Signature) -> SafeString:
        """Return the state as a coloured word, and in another what speaks against it."""
        label = UNCONFIRMED if obj.state == State.PENDING else obj.get_state_display()
        return format_html("{} {}", state_tag(obj.state, label), HINTS.get(obj.suspicion, ""))

    @admin.display(description=_("day"), ordering="pk")
    def day(self, obj: Signature) -> str:
        """Return the day of asking, of which numbers have the order; the minute is nobody's business here."""
        return date_format(timezone.localtime(obj.asked_at), "SHORT_DATE_FORMAT").replace(" ", "\xa0")

    @admin.display(description=_("who"))
    def who(self, obj: Signature) -> SafeString:
        """Return the masked address, and the name where everybody reads it, or will once it counts."""
        is_shown = obj.public and obj.state in {State.CONFIRMED, State.HELD}
        return format_html("<bdi>{}</bdi><br><bdi>{}</bdi>", mask(obj.email), obj.name if is_shown else "")

    def _export(self, request: HttpRequest, petition: int) -> HttpResponseBase:
        return exporting.export(request, self, petition)

    def _decide(self, request: HttpRequest, pk: int, code: str) -> HttpResponse:
        return pages.decide(request, self, pk, code)
