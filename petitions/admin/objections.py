"""Objections: a rejection or a removal is looked at again by a senior moderator who did not decide it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib import clock
from petitions import desk
from petitions.admin.answers import AnswerAdmin, WaitingFilter
from petitions.admin.tags import age_tag
from petitions.models import Objection
from petitions.outcome_forms import ObjectionForm
from petitions.services import objecting


@admin.register(Objection)
class ObjectionAdmin(AnswerAdmin):
    """Every objection."""

    form_of = ObjectionForm
    template = "admin/petitions/objection.html"
    page_title = _("An objection")
    list_display = ("title", "decision", "made_at", "waits", "outcome")
    list_filter = (WaitingFilter,)
    list_per_page = 50
    search_fields = ("petition__version__title",)
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Objection]:
        """Bring petition, decision and people along."""
        return Objection.objects.for_lists().select_related(
            "transition__version__decision_maker", "petition__starter"
        )

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Put the oldest of those that wait first, of all others the latest."""
        return ("made_at", "pk") if request.GET.get("waits") == "yes" else ("-pk",)

    def is_open(self, row: Objection) -> bool:
        """Tell whether nobody has decided on it."""
        return row.upheld is None

    def why_not(self, person: User, row: Objection) -> str:
        """Ask the service."""
        return objecting.why_not(person, row)

    def about(self, row: Objection) -> dict[str, Any]:
        """Return the decision objected to with its reasons, and the text that it was about."""
        return {
            "version": row.transition.version,
            "language": row.petition.language_tag,
            "reasons": row.transition.reasons.order_by("position", "code"),
            "review_url": desk.review_url(row.petition),
        }

    @admin.display(description=_("title"))
    def title(self, obj: Objection) -> str:
        """Return the petition's title."""
        return obj.petition.title

    @admin.display(description=_("objected to"))
    def decision(self, obj: Objection) -> str:
        """Return what was decided."""
        return obj.transition.get_target_display()

    @admin.display(description=_("waiting"), ordering="made_at", empty_value="–")
    def waits(self, obj: Objection) -> Any:
        """Return how long it has waited."""
        return age_tag(desk.age_of(obj.made_at, clock.now())) if obj.upheld is None else None

    @admin.display(description=_("upheld"), boolean=True)
    def outcome(self, obj: Objection) -> bool | None:
        """Return whether it was upheld; nothing while it waits."""
        return obj.upheld
