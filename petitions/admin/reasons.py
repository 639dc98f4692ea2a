"""Reasons: what `/rules/` is made from; one that was given stays."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from petitions.admin.kept import KeptWhileUsed
from petitions.models import Reason
from petitions.services import keeping


@admin.register(Reason)
class ReasonAdmin(KeptWhileUsed):
    """The list of reasons in the order of the rules page."""

    fields = ("code", "title", "public_text", "hides", "position", "active")
    list_display = ("title", "code", "hides", "active", "position")
    list_filter = ("active", "hides")
    search_fields = ("title", "code", "public_text")
    ordering = ("position", "code")
    used_by = "given"
    kept_because = _(
        "“%(name)s” has been given in a decision, so it stays in the record. Retire it instead: untick “may be given”."
    )

    def is_used(self, obj: Reason) -> bool:
        """Tell whether a decision names it, or the desk gives it by itself."""
        return super().is_used(obj) or bool(keeping.why_needed(obj))

    def why_kept(self, obj: Reason) -> str:
        """Say what it is there for where no decision names it."""
        return super().why_kept(obj) if super().is_used(obj) else keeping.why_needed(obj)

    def fixed(self, obj: Reason) -> dict[str, str]:
        """Ask the service."""
        return keeping.fixed_of_reason(obj)
