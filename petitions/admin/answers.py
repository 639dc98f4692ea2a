"""Lists and review pages of what starters say after a decision; `objections` and `edits` fill them."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from lib.offered import OfferedOrders
from petitions.admin import asking, pages
from petitions.admin.kept import ReadOnly
from petitions.outcome_forms import AnswerForm
from petitions.states import NotAllowed


class AnswerAdmin(ReadOnly):
    """Rows that are read on a page of their own and decided on once; there is no form of their columns."""

    form_of: type[AnswerForm]
    template: str
    page_title: Any

    def get_urls(self) -> list[URLPattern]:
        """Add the review page and what is posted from it; the standard form leads there."""
        review = path("<int:pk>/review/", self._page(require_safe(self.review)), name=self._name("review"))
        decide = path("<int:pk>/decide/", self._page(require_POST(self.decide)), name=self._name("decide"))
        return [review, decide, *super().get_urls()]

    def get_sortable_by(self, request: HttpRequest) -> tuple[str, ...]:
        """Offer the order that an index has: of those that wait by their time."""
        return ("waits",) if request.GET.get("waits") == "yes" else ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Lead to the review page instead of a form."""
        return LeadsToReview

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Lead to the review page: there is nothing else to do with a row."""
        if not object_id.isdecimal():
            raise Http404
        return redirect(f"admin:{self._name('review')}", pk=int(object_id))

    def review_url(self, row: Any) -> str:
        """Return where this row is read and decided on."""
        return reverse(f"admin:{self._name('review')}", args=[row.pk])

    def review(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what was said, what it is about, and the form for those who may decide."""
        return self._show(request, self._visible(request, pk))

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Carry the outcome out, or show first which mail it would send."""
        row, person = self._visible(request, pk), cast(User, request.user)
        if self.why_not(person, row):
            raise PermissionDenied
        form = self.form_of(request.POST, row=row, person=person)
        if self.is_open(row) and (asking.step_of(request) == asking.BACK or not form.is_valid()):
            return self._show(request, row, form)
        try:
            return self._carry_out(request, row, form)
        except NotAllowed as refusal:
            return self._meanwhile(request, row, form, refusal)

    def is_open(self, row: Any) -> bool:
        """Tell whether nobody has decided on it."""
        raise TypeError(row)

    def why_not(self, person: User, row: Any) -> str:
        """Return the sentence that says why this person can't decide on it, or an empty one."""
        raise TypeError(person, row)

    def about(self, row: Any) -> dict[str, Any]:
        """Return what the page shows of it."""
        raise TypeError(row)

    def _carry_out(self, request: HttpRequest, row: Any, form: AnswerForm) -> HttpResponse:
        if not form.is_valid():  # decided meanwhile, and what was chosen is no longer offered
            return self._meanwhile(request, row, form, None)
        act = cast(Any, form).carry_out
        if asking.step_of(request):
            frame = pages.frame(request, self, row.petition, _("The mail, before it is sent"))
            action = reverse(f"admin:{self._name('decide')}", args=[row.pk])
            return asking.show_mail(
                request, act, frame, action=action, label=form.label(), follows=form.follows()
            )
        act()
        messages.success(
            request, _("“%(title)s”: %(outcome)s.") % {"title": row.petition, "outcome": form.label()}
        )
        return redirect(self.review_url(row))

    def _meanwhile(
        self, request: HttpRequest, row: Any, form: AnswerForm, refusal: NotAllowed | None
    ) -> HttpResponse:
        back = self.review_url(row)
        return pages.meanwhile(
            request, self, row.petition, typed=form.typed(), back_url=back, refusal=refusal
        )

    def _visible(self, request: HttpRequest, pk: int) -> Any:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def _show(self, request: HttpRequest, row: Any, form: AnswerForm | None = None) -> HttpResponse:
        person = cast(User, request.user)
        sentence = self.why_not(person, row) if self.is_open(row) else ""
        can_decide = self.is_open(row) and not sentence
        context = {
            **pages.frame(request, self, row.petition, str(self.page_title)),
            "row": row,
            "is_open": self.is_open(row),
            "why_not": sentence,
            "form": (form or self.form_of(row=row, person=person)) if can_decide else None,
            "decide_url": reverse(f"admin:{self._name('decide')}", args=[row.pk]),
            **self.about(row),
        }
        return TemplateResponse(request, self.template, context)

    def _page(self, view: Any) -> Any:
        return self.admin_site.admin_view(view)

    def _name(self, verb: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{verb}"


class LeadsToReview(OfferedOrders):
    """A list whose lines lead to the review pages."""

    model_admin: AnswerAdmin

    def url_for_result(self, result: Any) -> str:
        """Return the address of the review."""
        return self.model_admin.review_url(result)


class WaitingFilter(admin.SimpleListFilter):
    """Those that wait for a decision, or those that were decided on."""

    title = gettext_lazy("decision")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer both."""
        return [("yes", _("Waiting")), ("no", _("Decided"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the chosen ones; what was taken back neither waits nor is decided."""
        if self.value() == "yes":
            return queryset.waiting()
        return queryset.filter(decided_at__isnull=False) if self.value() == "no" else queryset
