"""Reasons: what `/rules/` is made from; one that was given stays."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from petitions.admin.kept import KeptWhileUsed
from petitions.models import Reason


@admin.register(Reason)
class ReasonAdmin(KeptWhileUsed):
    """The list of reasons in the order of the rules page."""

    list_display = ("title", "code", "hides", "active", "position")
    list_filter = ("active", "hides")
    search_fields = ("title", "code", "public_text")
    ordering = ("position", "code")
    used_by = "given"
    kept_because = _(
        "“%(name)s” has been given in a decision, so it stays in the record. Retire it instead: untick “may be given”."
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Reason | None = None) -> tuple[str, ...]:
        """Keep the code once a decision names it."""
        return ("code",) if obj and self.is_used(obj) else ()
