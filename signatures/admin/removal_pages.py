"""Asking for a removal, looking at what it would take before it starts, and how far it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from lib import faults
from petitions.states import NotAllowed
from signatures.admin import removal_readings as readings
from signatures.admin.removal_forms import QuestionForm, shown_network
from signatures.models import Removal, Stage
from signatures.roles import REMOVE
from signatures.services import removing_many

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Room = ModelAdmin[Removal]

# PostgreSQL’s letters for a statement that took too long.
CANCELED = "57014"
FROM_ADDRESS = ("petition", "domains", "network", "name_pattern", "asked_from", "asked_before")


@dataclass(frozen=True)
class Act:
    """One thing that can be done with a removal: who does it, and what the record says."""

    said: Any
    carry_out: Callable[..., Removal]


ACTS = {
    "recount": Act(gettext_lazy("Counted again"), removing_many.recount),
    "start": Act(gettext_lazy("Started"), removing_many.start),
    "cancel": Act(gettext_lazy("Cancelled"), removing_many.cancel),
    "undo": Act(gettext_lazy("Undoing began"), removing_many.undo),
}


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, room: "Room") -> HttpResponse:
    """Show the form, filled from the address where a page leads here, or save the question and count."""
    if not request.user.has_perm(REMOVE):
        raise PermissionDenied
    is_post = request.method == "POST"
    given = request.POST if is_post else request.GET
    common = readings.in_common(given.get("petition", ""))
    initial = {name: request.GET[name] for name in FROM_ADDRESS if name in request.GET}
    networks = [(row.value, row.label) for row in common.networks] if common else []
    form = QuestionForm(request.POST if is_post else None, initial=initial, networks=networks)
    if is_post and form.is_valid() and (removal := _saved(request, room, form)):
        return redirect(removal)
    context = {**_frame(request, room, _("Remove many signatures")), "form": form, "common": common}
    return TemplateResponse(request, "admin/signatures/removal/ask.html", context)


@require_safe
def detail(request: HttpRequest, room: "Room", object_id: str) -> HttpResponse:
    """Show what it asks for, how far it is, and what may be done now."""
    removal = _found(request, room, object_id)
    context = {
        **_frame(request, room, str(removal)),
        **_reading(removal),
        **_may(request, removal),
    }
    if removal.stage == Stage.COUNTED:
        context |= readings.preview(removal)
    return TemplateResponse(request, "admin/signatures/removal/detail.html", context)


@require_safe
def progress(request: HttpRequest, room: "Room", pk: int) -> HttpResponse:
    """Show how far it is, for the page to renew itself; once nothing moves any more the whole page is loaded anew."""
    removal = _found(request, room, str(pk))
    response = TemplateResponse(request, "admin/signatures/removal/progress.html", {"removal": removal})
    if not removal.is_moving:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def act(request: HttpRequest, room: "Room", pk: int, code: str) -> HttpResponse:
    """Do one of the things that can be done, and record who did it; or say why it can’t be done now."""
    chosen = ACTS.get(code)
    if chosen is None:
        raise Http404
    removal = get_object_or_404(Removal, pk=pk)
    try:
        with transaction.atomic():
            chosen.carry_out(removal=removal, by=cast(User, request.user))
            room.log_change(request, removal, str(chosen.said))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect(removal)


def _may(request: HttpRequest, removal: Removal) -> dict[str, Any]:
    """Tell whether this person may move it on, and in a sentence why one who holds the permission may not."""
    if not request.user.has_perm(REMOVE):
        return {"may": False}
    sentence = removing_many.why_not(removal=removal, by=cast(User, request.user))
    return {"may": not sentence, "why_not": sentence}


def _saved(request: HttpRequest, room: "Room", form: QuestionForm) -> Removal | None:
    said = form.cleaned_data
    try:
        with transaction.atomic():
            removal = removing_many.prepare(
                question=form.question(), kind=said["kind"], note=said["note"], by=cast(User, request.user)
            )
            room.log_addition(request, removal, _("Counted"))
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return None
    except OperationalError as fault:
        if faults.sqlstate(fault) != CANCELED:
            raise
        form.add_error(
            None, _("Counting took too long and was stopped. Ask for one petition, or for less time.")
        )
        return None
    return removal


def _found(request: HttpRequest, room: "Room", object_id: str) -> Removal:
    if not room.has_view_permission(request):
        raise PermissionDenied
    removal = room.get_object(request, unquote(object_id))
    if removal is None:
        raise Http404
    return removal


def _reading(removal: Removal) -> dict[str, Any]:
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Removal), object_id=str(removal.pk)
    )
    return {
        "removal": removal,
        "network": shown_network(bytes(removal.network)) if removal.network else "",
        "record": entries.select_related("user").order_by("-action_time", "-pk"),
    }


def _frame(request: HttpRequest, room: "Room", title: str) -> dict[str, Any]:
    return {**room.admin_site.each_context(request), "title": title, "opts": room.opts}
