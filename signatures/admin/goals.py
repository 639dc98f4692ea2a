"""Goals that were reached, and how far telling people of them has come; the roll-up and the worker write these rows."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from petitions.admin.kept import ReadOnly
from signatures.models import Announcement, Milestone


@admin.register(Milestone)
class MilestoneAdmin(ReadOnly):
    """Every goal that was reached, latest first."""

    list_display = ("threshold", "title", "signatures", "reached_at")
    list_display_links = ("threshold", "title")
    fields = ("petition", "threshold", "signatures", "reached_at")
    search_fields = ("petition__version__title",)
    ordering = ("-reached_at", "-pk")
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Milestone]:
        """Bring the petition's title in the same query."""
        return super().get_queryset(request).select_related("petition__version")

    @admin.display(description=_("petition"), ordering="petition__version__title")
    def title(self, obj: Milestone) -> str:
        """Return the petition's title."""
        return obj.petition.title


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnly):
    """What supporters are told of a goal, and whether that is done."""

    list_display = ("milestone", "title", "round", "cursor", "due_at", "stuck_since", "done_at")
    list_display_links = ("milestone", "title")
    fields = list_display
    ordering = ("-pk",)
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the petition's title in the same query."""
        return super().get_queryset(request).select_related("milestone__petition__version")

    @admin.display(description=_("petition"))
    def title(self, obj: Announcement) -> str:
        """Return the petition's title."""
        return obj.milestone.petition.title
