"""Removals in the admin: every one that was made, by whom and why; the list begins a new one."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from petitions.admin.kept import ReadOnly
from petitions.admin.tags import state_tag
from signatures.admin import removal_pages as pages
from signatures.models import Removal
from signatures.roles import REMOVE

ALL_PETITIONS: Any = _("all petitions")
BY_HAND: Any = _("chosen by hand")


@admin.register(Removal)
class RemovalAdmin(ReadOnly):
    """Latest first; nothing here is written by a form of Django’s."""

    list_display = ("__str__", "shown_title", "standing", "removed", "kind")
    list_filter = ("stage", "kind", "by_hand")
    ordering = ("-pk",)
    list_per_page = 50
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        """Add where a removal is moved on, and where its page asks how far it is."""
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/progress/", view(self._progress), name="signatures_removal_progress"),
            path("<int:pk>/<slug:code>/do/", view(self._act), name="signatures_removal_act"),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Removal]:
        """Bring the petition's title and the maker in the same query."""
        return Removal.objects.for_lists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say who may ask for one."""
        return request.user.has_perm(REMOVE)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask, save and count instead of adding a row."""
        return pages.ask(request, self)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the page of one removal instead of a form."""
        return pages.detail(request, self, object_id)

    @admin.display(description=_("petition"))
    def shown_title(self, obj: Removal) -> str:
        """Return the petition's title, or that there is not one alone."""
        if obj.petition is None:
            return str(BY_HAND if obj.by_hand else ALL_PETITIONS)
        return obj.petition.title

    @admin.display(description=_("stage"), ordering="stage")
    def standing(self, obj: Removal) -> SafeString:
        """Return the stage as a coloured word."""
        return state_tag(obj.stage, obj.get_stage_display())

    @admin.display(description=_("removed now"))
    def removed(self, obj: Removal) -> int:
        """Return how many are out of the count by it."""
        return obj.stands

    def _progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        return pages.progress(request, self, pk)

    def _act(self, request: HttpRequest, pk: int, code: str) -> HttpResponse:
        return pages.act(request, self, pk, code)
