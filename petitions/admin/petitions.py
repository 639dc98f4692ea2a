"""Petitions in the admin: the queue and the whole list, leading to the review page; corrections for administrators."""

from functools import partial
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib import clock
from lib.offered import OfferedOrders
from lib.paging import FirstOnes
from petitions import desk, narrowing
from petitions.admin import bulk, deciding, exports, finding, pages, review, views_bar
from petitions.admin.filters import (
    AnswerFilter,
    DecisionFilter,
    ImportedFilter,
    StarterFilter,
    StateFilter,
    TopicFilter,
    WaitsFilter,
)
from petitions.admin.tags import age_tag, state_tag
from petitions.models import Petition
from petitions.moderation_forms import CorrectionForm
from petitions.querysets import PetitionQuerySet
from petitions.services import correcting, moderation
from petitions.states import NotAllowed, State

# What a line of the queue shows: nobody can have signed, and all are in one state.
IN_QUEUE = ("shown_title", "waits", "started_by", "topic")
# What of the decision asked for is in the address.
DECISION = frozenset(DecisionFilter.names)


def is_queue(request: HttpRequest) -> bool:
    """Tell whether the list is asked for what waits for a decision."""
    return request.GET.get("state") == State.SUBMITTED


class LeadsToReview(OfferedOrders):
    """A list whose lines lead to the review page, with what a moderator should know before."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.title = _("The queue") if is_queue(request) else _("Petitions")

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        """Order equals in the direction of the order, as its index does."""
        ordering = list(super().get_ordering(request, queryset))
        return ["tally__signatures", "pk"] if ordering[:1] == ["tally__signatures"] else ordering

    def get_results(self, request: HttpRequest) -> None:
        """Find the keys of the page first, then what it shows of them."""
        super().get_results(request)
        keys = list(self.result_list.values_list("pk", flat=True))
        asked = next((each.asked for each in self.filter_specs if isinstance(each, DecisionFilter)), None)
        self.result_list: Any = narrowing.rows_of(keys, asked=asked)

    def url_for_result(self, result: Any) -> str:
        """Return the address of the review."""
        return desk.review_url(result)


@admin.register(Petition)
class PetitionAdmin(admin.ModelAdmin[Petition]):
    """Petitions are read and decided here; nobody adds or deletes one, and no form sets a state."""

    actions: Any = bulk.actions()
    form = CorrectionForm
    fields = ("shown_title", "state_mark", "starter_name", "topic", "decision_maker", "closes_at", "basis")
    list_display = ("shown_title", "state_mark", "waits", "started_by", "topic", "signature_count")
    list_filter = (
        StateFilter,
        WaitsFilter,
        AnswerFilter,
        DecisionFilter,
        ("topic", TopicFilter),
        ImportedFilter,
        StarterFilter,
    )
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    # Each count would be one more walk through all petitions.
    show_facets = admin.ShowFacets.NEVER
    search_help_text = gettext_lazy(
        "Parts of a title or of the starter’s name, or words of a public text. A number or an address leads straight there."
    )

    def get_urls(self) -> list[URLPattern]:
        """Add the review page, what is posted from it and from the list, and the export."""
        read, posted = [review.review, review.as_public], [deciding.decide, deciding.note, deciding.hand_over]
        return [*map(self._page, [*read, *posted]), *self._list_pages(), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> PetitionQuerySet:
        """Return what this person may see: drafts are their starters' own, but for administrators."""
        petitions = Petition.objects.for_lists()
        if ORDER_VAR in request.GET and not is_queue(request):
            # Naming the tally makes an inner join of it, and with that its index usable for the order.
            petitions = petitions.filter(tally__isnull=False)
        may_see_all = self.has_change_permission(request)
        return petitions if may_see_all else petitions.exclude(state=State.DRAFT)

    def get_ordering(self, request: HttpRequest) -> Any:
        """Put the oldest of the queue first, of all others the latest."""
        return ["submitted_at", "pk"] if is_queue(request) else ["-pk"]

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Leave state and count out of the queue, where they are the same on each line; say when, where a decision is asked for."""
        shown = IN_QUEUE if is_queue(request) else self.list_display
        return (*shown, "decided") if DECISION & request.GET.keys() else shown

    def get_sortable_by(self, request: HttpRequest) -> tuple[str, ...]:
        """Offer the orders that an index has: by wait in the queue, by signatures elsewhere."""
        return ("waits",) if is_queue(request) else ("signature_count",)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Name what is searched, so that there is a field; `get_search_results` does the search."""
        return ("version__title", "starter_name")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Petition], search_term: str
    ) -> tuple[QuerySet[Petition], bool]:
        """Search through indexes; e-mail addresses are for administrators."""
        found = finding.matching(
            search_term,
            cast(PetitionQuerySet, queryset),
            by_address=self.has_change_permission(request),
            all_of_them=exports.is_export(request),
        )
        request.found_many = found.are_many  # type: ignore[attr-defined]
        return found.petitions, False

    def get_paginator(
        self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **options: Any
    ) -> Any:
        """Count nothing where a search has found many."""
        more_than = finding.SHOWN_OF_MANY if getattr(request, "found_many", False) else 0
        return FirstOnes(queryset, per_page, *args, more_than=more_than, **options)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list below the bar of views; a number or an address leads straight to its petition."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        named = finding.straight_to(request.GET.get(SEARCH_VAR, ""), self.get_queryset(request))
        if named and request.method == "GET":
            return redirect(desk.review_url(named))
        query = request.META.get("QUERY_STRING", "")
        bar = {
            "views": views_bar.views_for(cast(User, request.user), query),
            "query": views_bar.tidied(query),
            "export_url": exports.export_url(views_bar.tidied(query)),
            "may_decide": self.has_decide_permission(request),
        }
        return super().changelist_view(request, {**bar, **(extra_context or {})})

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Say who may approve and reject from the list."""
        return moderation.may_decide(cast(User, request.user))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Lead to the review page instead of a form."""
        return LeadsToReview

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Petitions are started by members and by the importer."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        """Nobody corrects a petition of their own."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not correcting.why_not(cast(User, request.user), obj))

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
        try:
            return super().change_view(request, object_id, form_url, extra_context)
        except NotAllowed as refusal:
            return self._not_corrected(request, int(object_id), refusal)

    def save_model(self, request: HttpRequest, obj: Petition, form: Any, change: bool) -> None:
        """Correct by the service: it writes the corrected columns alone, whatever else has changed meanwhile."""
        form.carry_out(cast(User, request.user))

    def log_change(self, request: HttpRequest, obj: Petition, message: Any) -> Any:
        """Leave it to the services: their line says what was there before, and is written with the change."""
        return None

    def view_on_site(self, obj: Petition) -> str | None:
        """Return the public address where there is a public page."""
        return obj.get_absolute_url() if obj.is_public else None

    @admin.display(description=gettext_lazy("title"))
    def shown_title(self, obj: Petition) -> str:
        """Return the title; a draft may have none."""
        return obj.title or _("(no title yet)")

    @admin.display(description=gettext_lazy("state"))
    def state_mark(self, obj: Petition) -> SafeString:
        """Return the state as a coloured word."""
        return state_tag(obj.state, obj.get_state_display())

    @admin.display(description=gettext_lazy("waiting"), ordering="submitted_at", empty_value="–")
    def waits(self, obj: Petition) -> SafeString | None:
        """Return how long it has waited for a decision, and what to know before opening it."""
        if obj.state != State.SUBMITTED or obj.submitted_at is None:
            return None
        marks = format_html_join(
            " ", '<span class="state">{}</span>', ((each,) for each in desk.marks_of(obj))
        )
        return format_html("{} {}", age_tag(desk.age_of(obj.submitted_at, clock.now())), marks)

    @admin.display(description=gettext_lazy("started by"), empty_value="–")
    def started_by(self, obj: Petition) -> str | None:
        """Return the starter's name, and whether it came from a file."""
        parts = [obj.starter_name, _("imported") if hasattr(obj, "seed") else ""]
        return " · ".join(part for part in parts if part) or None

    @admin.display(description=gettext_lazy("signatures"), ordering="tally__signatures")
    def signature_count(self, obj: Petition) -> int:
        """Return the tally, at most a second behind the exact count."""
        return obj.tally.signatures

    @admin.display(description=gettext_lazy("decided"), empty_value="–")
    def decided(self, obj: Any) -> Any:
        """Return when the decision that is asked for was taken, in the reader's time zone."""
        return getattr(obj, "decided_at", None)

    def _not_corrected(self, request: HttpRequest, pk: int, refusal: NotAllowed) -> HttpResponse:
        petition = pages.visible(request, self, pk)
        form: Any = self.get_form(request, petition)(request.POST, instance=petition)
        back = reverse("admin:petitions_petition_change", args=[pk])
        return pages.meanwhile(request, self, petition, typed=form.typed(), back_url=back, refusal=refusal)

    def _list_pages(self) -> list[URLPattern]:
        """Return the addresses of what belongs to the whole list, behind the admin's door."""
        door = self.admin_site.admin_view
        return [
            path("bulk/<slug:code>/", door(partial(bulk.bulk, room=self)), name="petitions_petition_bulk"),
            path("export/", door(partial(exports.export, room=self)), name=exports.URL_NAME),
            path(
                "views/", door(partial(views_bar.save_view, room=self)), name="petitions_petition_save_view"
            ),
            path(
                "views/<int:pk>/forget/",
                door(partial(views_bar.forget_view, room=self)),
                name="petitions_petition_forget_view",
            ),
        ]

    def _page(self, view: pages.Page) -> URLPattern:
        """Return the address of a page below one petition, behind the admin's door."""

        def page(request: HttpRequest, pk: int) -> HttpResponseBase:
            return view(request, self, pk)

        verb = view.__name__
        where = f"<int:pk>/{verb.replace('_', '-')}/"
        return path(where, self.admin_site.admin_view(page), name=f"petitions_petition_{verb}")
