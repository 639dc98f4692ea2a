"""What the list shows as a file for spreadsheets, and the decisions on it; who had one is recorded."""

from typing import TYPE_CHECKING, cast

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from lib import clock, spreadsheet
from lib.web.public import PRIVATE
from petitions import exports
from petitions.admin import views_bar
from petitions.models import Petition
from petitions.querysets import PetitionQuerySet
from petitions.services import moderation

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

KINDS = {
    "petitions": (exports.petition_header, exports.petition_rows),
    "decisions": (exports.decision_header, exports.decision_rows),
}
LONGEST_MESSAGE = 1_000
URL_NAME = "petitions_petition_export"


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, room: "ModelAdmin[Petition]") -> HttpResponseBase:
    """Say what the files will hold, or hand one over and record who had it; the address says which petitions."""
    person = cast(User, request.user)
    if not moderation.may_decide(person) or not room.has_view_or_change_permission(request):
        raise PermissionDenied
    query = views_bar.tidied(request.META.get("QUERY_STRING", ""))
    try:
        listed = _listed(request, room, query)
    except IncorrectLookupParameters:
        return redirect(views_bar.list_url())
    kind = request.POST.get("kind", "")
    if kind in KINDS:
        _record(person, kind, query)
        return _file(kind, cast(PetitionQuerySet, listed.queryset))
    return _page(request, room, listed.queryset.order_by().count(), query)


def _listed(request: HttpRequest, room: "ModelAdmin[Petition]", query: str) -> ChangeList:
    """Return the list as this address shows it: filters, search and order alike."""
    request.GET = QueryDict(query)
    return room.get_changelist_instance(request)


def _page(request: HttpRequest, room: "ModelAdmin[Petition]", count: int, query: str) -> HttpResponseBase:
    context = {
        **room.admin_site.each_context(request),
        "title": _("Export"),
        "opts": room.opts,
        "count": count,
        "is_narrowed": bool(query),
        "list_url": views_bar.list_url(query),
        "zone": str(timezone.get_current_timezone()),
        "export_url": export_url(query),
    }
    return TemplateResponse(request, "admin/petitions/export.html", context)


def is_export(request: HttpRequest) -> bool:
    """Tell whether a file is asked for: it has all that a list finds, however long that takes."""
    return request.resolver_match is not None and request.resolver_match.url_name == URL_NAME


def export_url(query: str) -> str:
    """Return where the list as a query has it is exported."""
    url = reverse(f"admin:{URL_NAME}")
    return f"{url}?{query}" if query else url


def _file(kind: str, petitions: PetitionQuerySet) -> StreamingHttpResponse:
    zone = timezone.get_current_timezone()
    header, rows = KINDS[kind]
    content = spreadsheet.rows(header(zone), rows(petitions, zone))
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"{kind}-{timezone.localdate(clock.now()).isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = PRIVATE
    return response


def _record(person: User, kind: str, query: str) -> None:
    """Keep who had which list as a file."""
    what = _("Exported decisions") if kind == "decisions" else _("Exported petitions")
    LogEntry.objects.create(
        user=person,
        content_type=ContentType.objects.get_for_model(Petition),
        object_repr=what,
        action_flag=CHANGE,
        change_message=f"{what}: {query or _('all')}"[:LONGEST_MESSAGE],
    )
