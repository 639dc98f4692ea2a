"""What the pages below one petition share: who may see it, what is around it, what happened meanwhile."""

from typing import Any, Protocol

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from petitions import desk
from petitions.admin import timeline
from petitions.models import Petition, Version
from petitions.services import moderation
from petitions.states import NotAllowed

CONFLICT = 409


class Page(Protocol):
    """A page below one petition in the admin; its name makes its address."""

    __name__: str

    def __call__(self, request: HttpRequest, room: "ModelAdmin[Petition]", pk: int) -> HttpResponseBase:
        """Answer for the petition with this key."""


def visible(request: HttpRequest, room: "ModelAdmin[Petition]", pk: int) -> Petition:
    """Return what this person may see; somebody's draft is not there for moderators."""
    if not room.has_view_or_change_permission(request):
        raise PermissionDenied
    seen = room.get_queryset(request).filter(pk=pk).values("pk")
    petition = Petition.objects.with_text().select_related("starter").filter(pk__in=seen).first()
    if petition is None:
        raise Http404
    return petition


def sent_in(petition: Petition) -> Version | None:
    """Return the latest text that was submitted: what a starter is still writing is nobody else's to read."""
    if petition.version is None or petition.version.frozen_at:
        return petition.version
    frozen = petition.versions.filter(frozen_at__isnull=False).select_related("decision_maker")
    return frozen.order_by("-number").first() or petition.version


def frame(request: HttpRequest, room: "ModelAdmin[Any]", petition: Petition, title: str) -> dict[str, Any]:
    """Return what every page of the admin needs, and what this petition is called."""
    return {
        **room.admin_site.each_context(request),
        "title": title,
        "subtitle": petition.title,
        "opts": room.opts,
        "petition": petition,
        "queue_url": desk.queue_url(),
    }


def meanwhile(
    request: HttpRequest,
    room: "ModelAdmin[Any]",
    petition: Petition,
    *,
    typed: list[tuple[str, str]],
    back_url: str,
    refusal: NotAllowed | None = None,
) -> HttpResponse:
    """Say what has happened since the page was opened, and give back what was typed."""
    petition = Petition.objects.with_text().get(pk=petition.pk)
    entries = timeline.of(petition).entries
    context = {
        **frame(request, room, petition, _("Nothing was decided")),
        "refusal": refusal,
        "is_stale": refusal is None or isinstance(refusal, moderation.Stale),
        "latest": entries[0] if entries else None,
        "version": sent_in(petition),
        "typed": typed,
        "back_url": back_url,
    }
    return TemplateResponse(request, "admin/petitions/meanwhile.html", context, status=CONFLICT)
