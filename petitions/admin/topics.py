"""Topics and decision makers: the lists from which starters choose."""

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from petitions.admin.kept import KeptWhileUsed
from petitions.models import DecisionMaker, Topic
from petitions.services import keeping


@admin.register(Topic)
class TopicAdmin(KeptWhileUsed):
    """The list of topics in their order."""

    list_display = ("name", "slug", "active", "position", "petition_count")
    list_filter = ("active",)
    search_fields = ("name",)
    ordering = ("position", "name")
    prepopulated_fields = {"slug": ("name",)}
    used_by = "petitions"
    kept_because = _(
        "There are petitions about “%(name)s”, so it stays. Retire it instead: untick “can be chosen”."
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the number of petitions in the same query."""
        return super().get_queryset(request).annotate(petition_count=Count("petitions"))

    @admin.display(description=_("petitions"), ordering="petition_count")
    def petition_count(self, obj: Any) -> int:
        """Return how many petitions are about it, whatever their state."""
        return int(obj.petition_count)


@admin.register(DecisionMaker)
class DecisionMakerAdmin(KeptWhileUsed):
    """The list of people and offices; the starters' own words come in unlisted."""

    fields = ("name", "listed")
    list_display = ("name", "listed", "text_count")
    list_filter = ("listed",)
    search_fields = ("name",)
    ordering = ("name", "pk")
    used_by = "versions"
    kept_because = _(
        "There are petitions to “%(name)s”, so it stays. Untick “offered to starters” to retire it."
    )

    def fixed(self, obj: DecisionMaker) -> dict[str, str]:
        """Ask the service."""
        return keeping.fixed_of_maker(obj)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the number of texts in the same query."""
        return super().get_queryset(request).annotate(text_count=Count("versions"))

    @admin.display(description=_("texts"), ordering="text_count")
    def text_count(self, obj: Any) -> int:
        """Return how many texts are addressed to it, earlier versions included."""
        return int(obj.text_count)
