"""One signature's page, and asking before anything is done to one or many."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from outbox.masking import mask
from petitions import desk as petitions_desk
from signatures import desk, roles
from signatures.admin.decisions import DECISIONS, Decision
from signatures.models import Kind, Signature, State

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Room = ModelAdmin[Signature]

# How many are decided on with one click, in one transaction.
AT_ONCE = 200


@require_safe
def detail(request: HttpRequest, room: "Room", object_id: str) -> HttpResponse:
    """Show a signature to those who may see it, with what they may do to it."""
    if not room.has_view_permission(request):
        raise PermissionDenied
    signature = room.get_object(request, unquote(object_id))
    if signature is None:
        raise Http404
    possible = [
        each for each in DECISIONS.values() if each.fits(signature) and request.user.has_perm(each.permission)
    ]
    why_not = roles.why_not(cast(User, request.user), signature.petition)
    context = {
        **_frame(request, room, _("Signature %(number)d") % {"number": signature.pk}),
        **_reading(signature),
        "may_remove": request.user.has_perm(roles.REMOVE) and not why_not,
        "may_export": request.user.has_perm(roles.EXPORT),
        "possible": possible,
        "why_not": why_not,
    }
    return TemplateResponse(request, "admin/signatures/signature/detail.html", context)


@require_POST
def decide(request: HttpRequest, room: "Room", pk: int, code: str) -> HttpResponse:
    """Ask about one signature, then do it."""
    decision = DECISIONS.get(code)
    if decision is None:
        raise Http404
    may(request, decision)
    signature = room.get_queryset(request).filter(pk=pk).first()
    if signature is None:
        raise Http404
    asked = ask_or_do(request, room, decision, [signature])
    return asked or redirect(desk.detail_url(signature))


def ask_or_do(
    request: HttpRequest,
    room: "Room",
    decision: Decision,
    signatures: Sequence[Signature],
    *,
    action: str = "",
    are_more: bool = False,
) -> HttpResponse | None:
    """Return the question, or, once it is answered with yes, do it, say what was done and return nothing."""
    signatures = _of_others(request, signatures)
    if not signatures:
        return None
    answered = request.POST if "confirmed" in request.POST else None
    form = decision.form(answered, required=decision.needs_why)
    if not form.is_valid():
        more = AT_ONCE if are_more else 0
        return _question(request, room, {**_asking(decision, signatures, action), "form": form, "more": more})
    count = _carry_out(request, room, decision, signatures, form.cleaned_data)
    _tell(request, decision, count, left=len(signatures) - count)
    return None


def _of_others(request: HttpRequest, signatures: Sequence[Signature]) -> Sequence[Signature]:
    """Leave those out whose petition this moderator started, and say so."""
    person = cast(User, request.user)
    others = [each for each in signatures if not roles.why_not(person, each.petition)]
    if own := len(signatures) - len(others):
        said = _("Left alone, as you started their petition and another moderator has to decide: %(count)d.")
        messages.warning(request, said % {"count": own})
    return others


def may(request: HttpRequest, decision: Decision) -> None:
    """Let those on who may decide so; refuse all others."""
    if not request.user.has_perm(decision.permission):
        raise PermissionDenied


@transaction.atomic
def _carry_out(
    request: HttpRequest,
    room: "Room",
    decision: Decision,
    signatures: Sequence[Signature],
    answer: dict[str, Any],
) -> int:
    """Do it and record who did and why, both or neither; return to how many it was done."""
    done = decision.carry_out(signatures, cast(User, request.user), answer)
    kind = Kind(answer["kind"]).label if "kind" in answer else ""
    why = ": ".join(str(part) for part in (decision.label, kind, answer["why"]) if part)
    for signature in signatures:
        if signature.pk in done:
            room.log_change(request, signature, why)
    return len(done)


def _tell(request: HttpRequest, decision: Decision, count: int, *, left: int) -> None:
    if count:
        messages.success(request, decision.done % {"count": count})
    if left:
        messages.warning(request, _("Left alone, as it no longer fits there: %(count)d.") % {"count": left})


def _question(request: HttpRequest, room: "Room", asking: dict[str, Any]) -> HttpResponse:
    context = {**_frame(request, room, str(asking["decision"].label)), **asking}
    return TemplateResponse(request, "admin/signatures/signature/question.html", context)


def _asking(decision: Decision, signatures: Sequence[Signature], action: str) -> dict[str, Any]:
    return {
        "decision": decision,
        "action": action,
        "signatures": [(each, mask(each.email)) for each in signatures],
        "back_url": desk.held_url() if action else desk.detail_url(signatures[0]),
    }


def _frame(request: HttpRequest, room: "Room", title: str) -> dict[str, Any]:
    frame = room.admin_site.each_context(request)
    return {**frame, "title": title, "opts": room.opts, "held_url": desk.held_url()}


def _reading(signature: Signature) -> dict[str, Any]:
    """Return what a moderator may know; what nobody has confirmed is the typing person's alone."""
    return {
        "signature": signature,
        "address": mask(signature.email),
        "is_proven": signature.state != State.PENDING,
        "from_same_network": _from_same_network(signature),
        "record": _record(signature),
        "review_url": petitions_desk.review_url(signature.petition),
        "network": bytes(signature.network_hash).hex() if signature.network_hash else "",
    }


def _from_same_network(signature: Signature) -> int | None:
    if signature.network_hash is None:
        return None
    same = Signature.objects.filter(petition=signature.petition_id, network_hash=signature.network_hash)
    return same.exclude(pk=signature.pk).count()


def _record(signature: Signature) -> QuerySet[LogEntry]:
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Signature), object_id=str(signature.pk)
    )
    return entries.select_related("user").order_by("-action_time", "-pk")
