"""How the list of signatures is narrowed: by petition and day, which are typed, by state and suspicion, which are chosen."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions import narrowing
from signatures.desk import HIDDEN_LATELY
from signatures.models import Signature, State, Suspicion
from signatures.querysets import SignatureQuerySet

# More digits are no petition's number, and the database would refuse them.
LONGEST_NUMBER = 12
# So many petitions with the same words in their titles are looked at, the latest.
TITLED = 20
NUL = "\x00"


class Typed(admin.SimpleListFilter):
    """A filter with a field to type into; the address keeps what was typed, so it can be linked to."""

    template = "admin/signatures/signature/typed_filter.html"
    input_type = "text"
    hint: Any = ""

    def has_output(self) -> bool:
        """Be there though there is nothing to choose from."""
        return True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer nothing."""
        return []

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Give the template the address without this filter, and what the other filters say."""
        others = {name: value for name, value in changelist.params.items() if name != self.parameter_name}
        yield {"all": changelist.get_query_string(remove=[str(self.parameter_name)]), "others": others}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        """Keep what fits; nothing fits what can't be read."""
        typed = (self.value() or "").strip()
        if not typed:
            return queryset
        return queryset.none() if NUL in typed else self.narrow(queryset, typed)

    def narrow(self, queryset: QuerySet[Signature], typed: str) -> QuerySet[Signature]:
        """Keep what fits the typed text, which is not empty."""
        raise TypeError(f"{type(self).__name__} doesn’t say what fits")


class PetitionFilter(Typed):
    """Signatures under one petition, by its number, or under the latest of those whose title has the typed words."""

    title = _("petition")
    parameter_name = "petition"
    hint = _("Its number, or parts of words of its title")

    def narrow(self, queryset: QuerySet[Signature], typed: str) -> QuerySet[Signature]:
        """Take digits for a number and all else for words."""
        if typed.isascii() and typed.isdecimal():
            return queryset.filter(petition=int(typed)) if len(typed) <= LONGEST_NUMBER else queryset.none()
        named = narrowing.entitled(typed).order_by("-pk").values_list("pk", flat=True)
        return queryset.filter(petition__in=list(named[:TITLED]))


class RemovalFilter(Typed):
    """Signatures that one removal took, and that are not put back."""

    title = _("removal")
    parameter_name = "removal"
    hint = _("Its number")

    def narrow(self, queryset: QuerySet[Signature], typed: str) -> QuerySet[Signature]:
        """Take digits for its number; nothing else is one."""
        is_number = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER
        return queryset.filter(removal=int(typed)) if is_number else queryset.none()


class DayFilter(Typed):
    """Signatures asked for on one day, as the reader's clock counts days."""

    title = _("day")
    parameter_name = "day"
    input_type = "date"
    hint = _("Year, month and day: 2026-11-30")

    def narrow(self, queryset: QuerySet[Signature], typed: str) -> QuerySet[Signature]:
        """Keep those of the day."""
        try:
            begin, end = _bounds(date.fromisoformat(typed))
        except (ValueError, OverflowError):
            return queryset.none()
        return queryset.filter(asked_at__gte=begin, asked_at__lt=end)


class StateFilter(admin.SimpleListFilter):
    """Signatures in one state; `?state=held` is what waits for a moderator."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer every state."""
        return [(state.value, state.label) for state in State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        """Keep those in the chosen state."""
        return queryset.filter(state=self.value()) if self.value() in State.values else queryset


class SuspicionFilter(admin.SimpleListFilter):
    """Signatures that something speaks against, by what it is."""

    title = _("why it is looked at")
    parameter_name = "suspicion"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer what there is to suspect."""
        hints = [(hint.value, hint.label) for hint in Suspicion if hint.value]
        return [("any", _("anything")), *hints, ("none", _("nothing"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        """Keep those of the chosen suspicion."""
        if self.value() in {"any", "none"}:
            return queryset.filter(suspicion="") if self.value() == "none" else queryset.exclude(suspicion="")
        return queryset.filter(suspicion=self.value()) if self.value() in Suspicion.values else queryset


class ReasonFilter(admin.SimpleListFilter):
    """Signatures whose reason a moderator has hidden; `?reason=hidden-lately` is what the desk shows for a second look."""

    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the hidden ones, and of those the ones of the week."""
        return [("hidden", _("hidden")), (HIDDEN_LATELY, _("hidden within a week"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        """Keep those with a hidden reason."""
        if self.value() == HIDDEN_LATELY:
            return cast(SignatureQuerySet, queryset).reason_hidden_lately()
        return queryset.filter(reason_hidden_at__isnull=False) if self.value() == "hidden" else queryset


def _bounds(day: date) -> tuple[datetime, datetime]:
    begin, end = (datetime.combine(each, time.min) for each in (day, day + timedelta(days=1)))
    return timezone.make_aware(begin), timezone.make_aware(end)
