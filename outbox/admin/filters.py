"""How the list of mails is narrowed; the choices come from the code, not from a walk through every row."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from outbox import kinds
from outbox.models import Message, State


class StateFilter(admin.SimpleListFilter):
    """Mails in one state; `?state=failed` is the list of dead letters."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer every state."""
        return [(state.value, state.label) for state in State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        """Keep those in the chosen state."""
        return queryset.filter(state=self.value()) if self.value() in State.values else queryset


class KindFilter(admin.SimpleListFilter):
    """Mails of one kind."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer every kind that the site has."""
        return sorted((kind.name, kind.name) for kind in kinds.registered())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        """Keep those of the chosen kind, also of one that the site no longer has."""
        kind = (self.value() or "").replace("\x00", "")
        return queryset.filter(kind=kind) if kind else queryset
