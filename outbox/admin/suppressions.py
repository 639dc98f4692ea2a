"""Addresses that came back, in the admin: who is not written to and why; deleting one is how it is lifted."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from outbox.masking import mask
from outbox.models import Suppression
from outbox.suppressing import key_of

if TYPE_CHECKING:
    SuppressionAdminBase = admin.ModelAdmin[Suppression]
else:
    SuppressionAdminBase = admin.ModelAdmin


@admin.register(Suppression)
class SuppressionAdmin(SuppressionAdminBase):
    """A list to read and to take addresses from."""

    list_display = ("masked_address", "at", "times", "kind", "answer")
    search_fields = ("address",)
    search_help_text = _("The whole address")
    ordering = ("-at",)
    list_per_page = 50
    fields = readonly_fields = ("masked_address", "at", "times", "kind", "answer")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Suppression], search_term: str
    ) -> tuple[QuerySet[Suppression], bool]:
        """Find a whole address in any of its spellings."""
        words = search_term.strip().replace("\x00", "")
        return (queryset.filter(address=key_of(words)) if words else queryset), False

    @admin.display(description=_("address"), ordering="address")
    def masked_address(self, obj: Suppression) -> str:
        """Return the address with its local part hidden."""
        return mask(obj.address)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only the mail server's answer adds one."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one."""
        return False
