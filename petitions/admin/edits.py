"""Edits after publication: a new wording is compared with the one that people have signed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib import clock
from petitions import desk, differences, hints
from petitions.admin import reading
from petitions.admin.answers import AnswerAdmin, WaitingFilter
from petitions.admin.tags import age_tag
from petitions.models import Edit
from petitions.outcome_forms import EditForm
from petitions.services import editing


@admin.register(Edit)
class EditAdmin(AnswerAdmin):
    """Every new wording of a published petition."""

    form_of = EditForm
    template = "admin/petitions/edit.html"
    page_title = _("A new wording")
    list_display = ("title", "number", "proposed_at", "waits", "outcome")
    list_filter = (WaitingFilter,)
    list_per_page = 50
    search_fields = ("petition__version__title", "version__title")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edit]:
        """Bring petition, wordings and people along."""
        return Edit.objects.for_lists().select_related("petition__starter", "petition__tally")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Put the oldest of those that wait first, of all others the latest."""
        return ("proposed_at", "pk") if request.GET.get("waits") == "yes" else ("-pk",)

    def is_open(self, row: Edit) -> bool:
        """Tell whether nobody has decided on it."""
        return row.is_open

    def why_not(self, person: User, row: Edit) -> str:
        """Ask the service."""
        return editing.why_not(person, row)

    def about(self, row: Edit) -> dict[str, Any]:
        """Return both wordings compared, hints about the new one, and how many have signed."""
        petition, text = row.petition, reading.text_of(row.version, row.petition)
        return {
            "version": row.version,
            "language": petition.language_tag,
            "changes": differences.between(row.basis, row.version),
            "hints": hints.hints_for(text),
            "outdated": editing.is_outdated(row) if row.is_open else "",
            "review_url": desk.review_url(petition),
        }

    @admin.display(description=_("title"))
    def title(self, obj: Edit) -> str:
        """Return the title that is shown today."""
        return obj.petition.title

    @admin.display(description=_("version"))
    def number(self, obj: Edit) -> int:
        """Return the number of the new wording."""
        return obj.version.number

    @admin.display(description=_("waiting"), ordering="proposed_at", empty_value="–")
    def waits(self, obj: Edit) -> Any:
        """Return how long it has waited."""
        return age_tag(desk.age_of(obj.proposed_at, clock.now())) if obj.is_open else None

    @admin.display(description=_("accepted"), boolean=True)
    def outcome(self, obj: Edit) -> bool | None:
        """Return whether it was accepted; nothing while it waits."""
        return obj.accepted
