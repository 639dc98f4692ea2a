"""Petitions in the admin: the queue and the whole list, leading to the review page; corrections for administrators."""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib import clock
from petitions import desk
from petitions.admin import review
from petitions.admin.tags import age_tag, state_tag
from petitions.models import Petition, Topic
from petitions.moderation_forms import CorrectionForm
from petitions.querysets import PetitionQuerySet
from petitions.services import correcting
from petitions.states import State

Choices = Iterator[tuple[str, Any]] | list[tuple[str, Any]]


def is_queue(request: HttpRequest) -> bool:
    """Tell whether the list is asked for what waits for a decision."""
    return request.GET.get("state") == State.SUBMITTED


class StateFilter(admin.SimpleListFilter):
    """Petitions in one state; `?state=submitted` is the queue."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Offer every state that this person may see."""
        hidden = () if model_admin.has_change_permission(request) else (State.DRAFT,)
        return [(state.value, state.label) for state in State if state not in hidden]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Petition]) -> QuerySet[Petition]:
        """Keep those in the chosen state."""
        return queryset.filter(state=self.value()) if self.value() else queryset


class ImportedFilter(admin.SimpleListFilter):
    """Petitions that came from a file, or from a member."""

    title = gettext_lazy("origin")
    parameter_name = "imported"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Offer both origins."""
        return [("yes", _("Imported")), ("no", _("Started here"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Petition]) -> QuerySet[Petition]:
        """Keep those of the chosen origin."""
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(seed__isnull=self.value() == "no")


class TopicFilter(admin.RelatedFieldListFilter):
    """Petitions about one topic, in the topics' own order."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """Offer the topics in use."""
        return [(topic.pk, topic.name) for topic in Topic.objects.in_use()]


class LeadsToReview(ChangeList):
    """A list whose lines lead to the review page."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.title = _("The queue") if is_queue(request) else _("Petitions")

    def url_for_result(self, result: Any) -> str:
        """Return the address of the review."""
        return desk.review_url(result)


@admin.register(Petition)
class PetitionAdmin(admin.ModelAdmin[Petition]):
    """Petitions are read and decided here; nobody adds or deletes one, and no form sets a state."""

    actions = None
    form = CorrectionForm
    fields = ("shown_title", "state_mark", "starter_name", "topic", "decision_maker", "closes_at")
    list_display = ("shown_title", "state_mark", "waits", "started_by", "topic", "signatures")
    list_filter = (StateFilter, ("topic", TopicFilter), ImportedFilter)
    list_per_page = 50
    show_full_result_count = False
    search_help_text = gettext_lazy("Title or the starter’s name")

    def get_urls(self) -> list[URLPattern]:
        """Add the review page and what is posted from it."""
        pages = [review.review, review.as_public, review.decide, review.hand_over]
        return [*map(self._page, pages), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> PetitionQuerySet:
        """Return what this person may see: drafts are their starters' own, but for administrators."""
        petitions = Petition.objects.for_lists()
        may_see_all = self.has_change_permission(request)
        return petitions if may_see_all else petitions.exclude(state=State.DRAFT)

    def get_ordering(self, request: HttpRequest) -> Any:
        """Put the oldest of the queue first, of all others the latest."""
        return ["submitted_at", "pk"] if is_queue(request) else ["-created_at", "-pk"]

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Leave the count out of the queue: nobody can have signed."""
        return self.list_display[:-1] if is_queue(request) else self.list_display

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Search titles and names; addresses are for administrators."""
        names = ("version__title", "starter_name")
        return (*names, "starter__email") if self.has_change_permission(request) else names

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Lead to the review page instead of a form."""
        return LeadsToReview

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Petitions are started by members and by the importer."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        """Petitions are taken down, never deleted."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Petition | None = None) -> tuple[str, ...]:
        """Leave the period alone once the petition has ended."""
        shown = ("shown_title", "state_mark", "starter_name")
        return shown if obj is None or obj.state in correcting.HAS_PERIOD else (*shown, "closes_at")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the corrections to administrators; to others the review page is what there is."""
        if not self.has_change_permission(request) and object_id.isdecimal():
            return redirect("admin:petitions_petition_review", pk=int(object_id))
        return super().change_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Petition, form: Any, change: bool) -> None:
        """Correct by the service: it writes the corrected columns alone, whatever else has changed meanwhile."""
        form.carry_out(cast(User, request.user))

    def view_on_site(self, obj: Petition) -> str | None:
        """Return the public address where there is a public page."""
        return obj.get_absolute_url() if obj.is_public else None

    @admin.display(description=gettext_lazy("title"), ordering="version__title")
    def shown_title(self, obj: Petition) -> str:
        """Return the title; a draft may have none."""
        return obj.title or _("(no title yet)")

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_mark(self, obj: Petition) -> SafeString:
        """Return the state as a coloured word."""
        return state_tag(obj.state, obj.get_state_display())

    @admin.display(description=gettext_lazy("waiting"), ordering="submitted_at", empty_value="–")
    def waits(self, obj: Petition) -> SafeString | None:
        """Return how long it has waited for a decision."""
        if obj.state != State.SUBMITTED or obj.submitted_at is None:
            return None
        return age_tag(desk.age_of(obj.submitted_at, clock.now()))

    @admin.display(description=gettext_lazy("started by"), ordering="starter_name", empty_value="–")
    def started_by(self, obj: Petition) -> str | None:
        """Return the starter's name, and whether it came from a file."""
        parts = [obj.starter_name, _("imported") if hasattr(obj, "seed") else ""]
        return " · ".join(part for part in parts if part) or None

    @admin.display(description=gettext_lazy("signatures"), ordering="tally__signatures")
    def signatures(self, obj: Petition) -> int:
        """Return the tally, at most a second behind the exact count."""
        return obj.tally.signatures

    def _page(self, view: review.Page) -> URLPattern:
        """Return the address of a page below one petition, behind the admin's door."""

        def page(request: HttpRequest, pk: int) -> HttpResponseBase:
            return view(request, self, pk)

        verb = view.__name__
        where = f"<int:pk>/{verb.replace('_', '-')}/"
        return path(where, self.admin_site.admin_view(page), name=f"petitions_petition_{verb}")
