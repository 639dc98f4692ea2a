"""The daily audits: what was found, to be read."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from petitions.admin.kept import ReadOnly
from petitions.models import AuditRun


@admin.register(AuditRun)
class AuditRunAdmin(ReadOnly):
    """Thirty days of audits, latest first."""

    list_display = ("day", "breaches", "began_at", "ended_at")
    ordering = ("-day",)
    fields = ("day", "began_at", "ended_at", "breaches", "found")

    @admin.display(description=_("broken promises"), empty_value="–")
    def found(self, obj: AuditRun) -> SafeString | None:
        """Return each promise that did not hold, with the first sentences that say how."""
        return format_html_join("", "{}", ((_promise(*each),) for each in obj.broken.items())) or None


def _promise(name: str, sentences: list[str]) -> SafeString:
    lines = format_html_join("", "<li>{}</li>", ((each,) for each in sentences))
    return format_html("<p><strong>{}</strong></p><ul>{}</ul>", name, lines)
