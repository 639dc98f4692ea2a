"""How the list of petitions is narrowed; every choice is in the address, so that a list can be linked to."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from lib import clock
from petitions import desk, narrowing
from petitions.admin.finding import LONGEST_NUMBER
from petitions.models import Reason, Topic
from petitions.narrowing import Decided
from petitions.states import State

Choices = Iterator[tuple[str, Any]] | list[tuple[str, Any]]
LONGEST_CODE = 40


class StateFilter(admin.SimpleListFilter):
    """Petitions in one state; `?state=submitted` is the queue."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Offer every state that this person may see."""
        hidden = () if model_admin.has_change_permission(request) else (State.DRAFT,)
        return [(state.value, state.label) for state in State if state not in hidden]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep those in the chosen state."""
        return queryset.filter(state=self.value()) if self.value() else queryset


class WaitsFilter(admin.SimpleListFilter):
    """Petitions that wait for a decision longer than the operator's settings want."""

    title = gettext_lazy("wait")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Offer both marks."""
        return [("amber", _longer_than(desk.amber())), ("overdue", _longer_than(desk.overdue()))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep those that have waited so long."""
        limits = {"amber": desk.amber, "overdue": desk.overdue}
        if self.value() not in limits:
            return queryset
        return narrowing.waiting_since_before(queryset, clock.now() - limits[str(self.value())]())


class AnswerFilter(admin.SimpleListFilter):
    """Petitions whose starters have said something that nobody has answered."""

    title = gettext_lazy("answer of the starter")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Offer both kinds."""
        return [("objection", _("An open objection")), ("edit", _("A new wording to decide on"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep those with one of the chosen kind."""
        if self.value() == "objection":
            return narrowing.objected_to(queryset)
        return narrowing.to_be_reworded(queryset) if self.value() == "edit" else queryset


class ImportedFilter(admin.SimpleListFilter):
    """Petitions that came from a file, or from a member."""

    title = gettext_lazy("origin")
    parameter_name = "imported"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Offer both origins, and the imported ones that can't be approved as they are."""
        return [("yes", _("Imported")), ("needs-ask", _("Imported, needs an ask")), ("no", _("Started here"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep those of the chosen origin."""
        if self.value() == "needs-ask":
            return narrowing.lacking_ask(queryset)
        if self.value() not in {"yes", "no"}:
            return queryset
        return narrowing.imported(queryset, from_file=self.value() == "yes")


class StarterFilter(admin.SimpleListFilter):
    """Petitions of one starter: the review page leads here, and nobody chooses from all people."""

    title = gettext_lazy("starter")
    parameter_name = "starter"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Offer whom the address names, as they call themselves on what this person may see."""
        if not self.value():
            return []
        names = self.queryset(request, model_admin.get_queryset(request)).order_by("-pk")
        return [(str(self.value()), names.values_list("starter_name", flat=True).first() or _("Nobody"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep those of the named starter; nobody has started any by what is no number."""
        typed = self.value()
        if not typed:
            return queryset
        is_number = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER
        return queryset.filter(starter=int(typed)) if is_number else queryset.none()


class TopicFilter(admin.RelatedFieldListFilter):
    """Petitions about one topic, in the topics' own order."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """Offer the topics in use."""
        return [(topic.pk, topic.name) for topic in Topic.objects.in_use()]


class DecisionFilter(admin.ListFilter):
    """Petitions with a decision on them: with a reason, by the reader, within days that the reader's clock counts."""

    title = gettext_lazy("decision")
    template = "admin/petitions/petition/decision_filter.html"
    names = ("reason", "decided_by", "decided_from", "decided_to")

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        for name in self.names:
            if name in params:
                self.used_parameters[name] = str(params.pop(name)[-1]).replace("\x00", "").strip()
        self.asked = self._read(cast(User, request.user))

    def has_output(self) -> bool:
        """Be there always."""
        return True

    def expected_parameters(self) -> list[str | None]:
        """Return what is this filter's in an address."""
        return list(self.names)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Give the template what is chosen, what can be, and what the other filters say."""
        others = {name: value for name, value in changelist.params.items() if name not in self.names}
        yield {
            "reasons": Reason.objects.order_by("position", "code").values_list("code", "title"),
            "chosen": {name: self.used_parameters.get(name, "") for name in self.names},
            "all": changelist.get_query_string(dict.fromkeys(self.names)),
            "is_active": any(self.used_parameters.values()),
            "others": others,
        }

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep those with such a decision; none fits a day that can't be read."""
        if self.asked is None:
            return queryset.none()
        return narrowing.decided(queryset, self.asked) if self.asked.is_asked else queryset

    def _read(self, reader: User) -> Decided | None:
        typed: dict[str, Any] = self.used_parameters
        try:
            since, before = _begin(typed.get("decided_from")), _begin(typed.get("decided_to"), days=1)
        except (ValueError, OverflowError):
            return None
        by = reader if typed.get("decided_by") == "me" else None
        return Decided(by, typed.get("reason", "")[:LONGEST_CODE], since, before)


def _begin(typed: str | None, *, days: int = 0) -> datetime | None:
    """Return when a typed day begins, or so many days after it."""
    if not typed:
        return None
    return timezone.make_aware(datetime.combine(date.fromisoformat(typed) + timedelta(days=days), time.min))


def _longer_than(wait: timedelta) -> str:
    hours = round(wait / timedelta(hours=1))
    return ngettext("Longer than %(count)d hour", "Longer than %(count)d hours", hours) % {"count": hours}
