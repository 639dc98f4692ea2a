"""A petition's signatures as a file: what supporters agreed to show, and of all others only that they signed."""

from typing import TYPE_CHECKING, cast

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from lib import clock, spreadsheet
from petitions import counting
from petitions import desk as petitions_desk
from petitions.models import Petition
from signatures import exports
from signatures.models import Signature
from signatures.roles import EXPORT

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Room = ModelAdmin[Signature]


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, room: "Room", number: int) -> HttpResponseBase:
    """Say what the file will hold, or hand it over and record who had it."""
    if not request.user.has_perm(EXPORT):
        raise PermissionDenied
    petition = get_object_or_404(Petition.objects.with_text().annotate(exact=counting.exact()), pk=number)
    if request.method == "POST":
        _record(request, petition)
        return _file(petition)
    context = {
        **room.admin_site.each_context(request),
        "title": _("Export signatures"),
        "opts": room.opts,
        "petition": petition,
        "review_url": petitions_desk.review_url(petition),
    }
    return TemplateResponse(request, "admin/signatures/signature/export.html", context)


def _file(petition: Petition) -> StreamingHttpResponse:
    content = spreadsheet.rows(exports.header(), exports.rows(petition, timezone.get_current_timezone()))
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"petition-{petition.pk}-signatures-{timezone.localdate(clock.now()).isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _record(request: HttpRequest, petition: Petition) -> None:
    LogEntry.objects.create(
        user=cast(User, request.user),
        content_type=ContentType.objects.get_for_model(Petition),
        object_id=str(petition.pk),
        object_repr=str(petition)[:200],
        action_flag=CHANGE,
        change_message=_("Exported its signatures"),
    )
