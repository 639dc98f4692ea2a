"""The bar of views above the list of petitions: ready ones, and those that a moderator keeps under own names."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from petitions.services import saved_views
from petitions.states import NotAllowed

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    from petitions.models import Petition

# What an address of the list may say; pages and whatever else are no part of a view.
KNOWN = frozenset(
    "q o state waits topic__id__exact imported starter answer reason decided_by decided_from decided_to".split()  # noqa: SIM905
)
FIELDS_AT_MOST = 40


@dataclass(frozen=True)
class View:
    """One link of the bar; `pk` is there for those that can be deleted."""

    label: str
    query: str
    is_current: bool
    pk: int | None = None


def tidied(query: str) -> str:
    """Return a query with nothing in it but what the list knows, always in the same order."""
    try:
        pairs = parse_qsl(query, max_num_fields=FIELDS_AT_MOST)
    except ValueError:  # more fields than any list has
        return ""
    return urlencode(sorted({name: value for name, value in pairs if name in KNOWN and value}.items()))


def views_for(person: User, query: str) -> list[View]:
    """Return the ready views, then the person's own; the one that is shown now is marked."""
    now = tidied(query)
    ready = [View(label, each, tidied(each) == now) for label, each in _ready()]
    own = person.saved_views.order_by("name", "pk")
    return ready + [View(each.name, each.query, each.query == now, each.pk) for each in own]


def list_url(query: str = "") -> str:
    """Return the list as a query has it."""
    url = reverse("admin:petitions_petition_changelist")
    return f"{url}?{query}" if query else url


@require_POST
def save_view(request: HttpRequest, room: "ModelAdmin[Petition]") -> HttpResponse:
    """Keep the list that is shown under the typed name."""
    person, query = _person(request, room), tidied(request.POST.get("query", ""))
    try:
        view = saved_views.save(person=person, name=request.POST.get("name", ""), query=query)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The view “%(name)s” is saved. Only you have it in your bar.") % {"name": view}
        )
    return redirect(list_url(query))


@require_POST
def forget_view(request: HttpRequest, room: "ModelAdmin[Petition]", pk: int) -> HttpResponse:
    """Delete one of the person's own views; the list stays as it is."""
    view = saved_views.forget(person=_person(request, room), pk=pk)
    if view is None:
        messages.error(request, _("There is no such view any more."))
        return redirect(list_url())
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view})
    return redirect(list_url(view.query))


def _ready() -> list[tuple[str, str]]:
    return [
        (_("All"), ""),
        (_("Waiting"), "state=submitted"),
        (_("Overdue"), "state=submitted&waits=overdue"),
        (_("My decisions"), "decided_by=me"),
        (_("Changes asked for"), "state=changes-requested"),
        (_("Imported, needs an ask"), "imported=needs-ask"),
    ]


def _person(request: HttpRequest, room: "ModelAdmin[Petition]") -> User:
    if not room.has_view_or_change_permission(request):
        raise PermissionDenied
    return cast(User, request.user)
