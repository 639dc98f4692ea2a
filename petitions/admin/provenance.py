"""Imported petitions: where they came from and what the source claims; the importer alone writes these rows."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from petitions.admin.kept import ReadOnly
from petitions.models import Seed


@admin.register(Seed)
class SeedAdmin(ReadOnly):
    """The list of everything that was imported; a key stays when its petition goes."""

    list_display = ("source", "title", "shape", "needs_ask", "imported_at")
    list_filter = ("shape", "needs_ask")
    search_fields = ("source", "key")
    list_select_related = ("petition__version",)
    ordering = ("-imported_at", "-pk")

    @admin.display(description=_("petition"), empty_value="–")
    def title(self, obj: Seed) -> str | None:
        """Return the petition's title, or nothing where it is gone."""
        return obj.petition.title if obj.petition else None
