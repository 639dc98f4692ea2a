"""What the address of a list in the admin may ask: what the list's filters and columns offer, and nothing else.

Django lets it ask anything of a model's own columns. By `email__startswith` a moderator would learn an address that the
page masks, by `password__startswith` an administrator a hash, letter by letter.
"""

from typing import TYPE_CHECKING, Any

from django.contrib.admin import ListFilter
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Admin = ModelAdmin[Any]
else:
    Admin = object


class OfferedOrders(ChangeList):
    """A list in no other order than its columns offer: Django would sort by any of them, with an index or without."""

    def get_ordering_field(self, field_name: Any) -> Any:
        """Return what to order by, where the column offers it."""
        is_offered = self.sortable_by is None or field_name in self.sortable_by
        return super().get_ordering_field(field_name) if is_offered else None


class OnlyOffered(Admin):
    """Refuses, with 400, to look anything up that no filter of the list looks up; and keeps to the orders it offers."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Tell whether one of the filters offers this, and Django would look it up."""
        offered = any(_offers(each, lookup) for each in self.get_list_filter(request))
        return offered and super().lookup_allowed(lookup, value, request)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list's own class, or the one that keeps to the orders."""
        chosen = super().get_changelist(request, **kwargs)
        return OfferedOrders if chosen is ChangeList else chosen


def _offers(list_filter: Any, lookup: str) -> bool:
    if isinstance(list_filter, type) and issubclass(list_filter, ListFilter):
        return lookup in getattr(list_filter, "names", (getattr(list_filter, "parameter_name", None),))
    field = list_filter if isinstance(list_filter, str) else list_filter[0]
    return lookup == field or lookup.startswith(f"{field}__")
