"""The review page: a petition as the public would read it, its record, and the decision."""

from typing import Any, Protocol, cast

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from lib import clock
from petitions import cards, desk
from petitions.admin.record import record_of
from petitions.models import Petition, Transition, Version
from petitions.moderation_forms import DecisionForm, HandOverForm
from petitions.services import handover, moderation
from petitions.states import NotAllowed, State

# How many of a starter's other petitions are listed.
OTHERS = 10
CONFLICT = 409


class Page(Protocol):
    """A page below one petition in the admin; its name makes its address."""

    __name__: str

    def __call__(self, request: HttpRequest, room: "ModelAdmin[Petition]", pk: int) -> HttpResponseBase:
        """Answer for the petition with this key."""


@require_safe
def review(request: HttpRequest, room: "ModelAdmin[Petition]", pk: int) -> HttpResponseBase:
    """Show a petition to those who may see it, with the forms of those who may use them."""
    if not room.has_view_or_change_permission(request):
        raise PermissionDenied
    return _page(request, room, _petition(request, room, pk))


@require_safe
def as_public(request: HttpRequest, room: "ModelAdmin[Petition]", pk: int) -> HttpResponseBase:
    """Show a petition in the look of the public page, whatever its state; nothing can be done here."""
    if not room.has_view_or_change_permission(request):
        raise PermissionDenied
    petition = _petition(request, room, pk)
    petition.version = _sent_in(petition)
    context = {
        "petition": petition,
        "called": cards.first_name(petition.starter_name),
        "language": petition.language_tag,
        "goals": [petition.progress.goal, petition.progress.next_goal],
        "review_url": desk.review_url(petition),
    }
    return TemplateResponse(request, "admin/petitions/petition/as_public.html", context)


@require_POST
def decide(request: HttpRequest, room: "ModelAdmin[Petition]", pk: int) -> HttpResponseBase:
    """Carry a decision out and go on to the next in the queue; what has changed meanwhile is never overwritten."""
    moderator = cast(User, request.user)
    if not moderation.may_decide(moderator):
        raise PermissionDenied
    petition = _petition(request, room, pk)
    form = DecisionForm(request.POST, petition=petition)
    if not form.is_of(petition):
        return _meanwhile(request, room, petition, form)
    if not form.is_valid():
        return _page(request, room, petition, decision_form=form)
    try:
        transition = form.carry_out(moderator)
    except NotAllowed as refusal:
        return _meanwhile(request, room, petition, form, refusal)
    messages.success(request, _("“%(title)s”: %(state)s.") % _as_words(transition))
    return _next(petition, moderator)


@require_POST
def hand_over(request: HttpRequest, room: "ModelAdmin[Petition]", pk: int) -> HttpResponseBase:
    """Give an imported petition to the member with the typed address."""
    if not room.has_change_permission(request):
        raise PermissionDenied
    petition = _petition(request, room, pk)
    form = HandOverForm(request.POST, petition=petition)
    if not form.is_valid():
        return _page(request, room, petition, hand_over_form=form)
    try:
        form.carry_out(cast(User, request.user))
    except NotAllowed as refusal:
        return _meanwhile(request, room, petition, None, refusal)
    name = form.cleaned_data["address"].shown_name
    room.log_change(request, petition, _("Handed over to %(name)s.") % {"name": name})
    messages.success(
        request, _("%(name)s is the starter of “%(title)s” now.") % {"name": name, "title": petition}
    )
    return redirect(desk.review_url(petition))


def _petition(request: HttpRequest, room: "ModelAdmin[Petition]", pk: int) -> Petition:
    """Return what this person may see; somebody's draft is not there for moderators."""
    visible = room.get_queryset(request).filter(pk=pk).values("pk")
    petition = Petition.objects.with_text().select_related("starter").filter(pk__in=visible).first()
    if petition is None:
        raise Http404
    return petition


def _page(
    request: HttpRequest,
    room: "ModelAdmin[Petition]",
    petition: Petition,
    *,
    decision_form: DecisionForm | None = None,
    hand_over_form: HandOverForm | None = None,
) -> HttpResponse:
    context = {
        **_frame(request, room, petition, _("Read and decide")),
        **_reading(petition),
        **_deciding(cast(User, request.user), petition, decision_form),
        "hand_over_form": _handing(request, room, petition, hand_over_form),
        "may_correct": room.has_change_permission(request),
    }
    return TemplateResponse(request, "admin/petitions/petition/review.html", context)


def _meanwhile(
    request: HttpRequest,
    room: "ModelAdmin[Petition]",
    petition: Petition,
    form: DecisionForm | None,
    refusal: NotAllowed | None = None,
) -> HttpResponse:
    """Say what has happened since the page was opened, and give the typed notes back."""
    petition = _petition(request, room, petition.pk)
    context = {
        **_frame(request, room, petition, _("Nothing was decided")),
        "refusal": refusal if refusal and not isinstance(refusal, moderation.Stale) else None,
        "latest": record_of(petition).first(),
        "typed": form.typed() if form else [],
        "review_url": desk.review_url(petition),
    }
    return TemplateResponse(request, "admin/petitions/petition/meanwhile.html", context, status=CONFLICT)


def _frame(
    request: HttpRequest, room: "ModelAdmin[Petition]", petition: Petition, title: str
) -> dict[str, Any]:
    return {
        **room.admin_site.each_context(request),
        "title": title,
        "subtitle": petition.title,
        "opts": room.opts,
        "petition": petition,
        "queue_url": desk.queue_url(),
    }


def _reading(petition: Petition) -> dict[str, Any]:
    """Return the text that was sent in, its wait, the record and the starter's other petitions."""
    is_waiting = petition.state == State.SUBMITTED and petition.submitted_at is not None
    return {
        "version": _sent_in(petition),
        "language": petition.language_tag,
        "age": desk.age_of(petition.submitted_at, clock.now())
        if is_waiting and petition.submitted_at
        else None,
        "record": record_of(petition),
        "others": _others(petition),
    }


def _sent_in(petition: Petition) -> Version | None:
    """Return the latest text that was submitted: what a starter is still writing is nobody else's to read."""
    if petition.version is None or petition.version.frozen_at:
        return petition.version
    frozen = petition.versions.filter(frozen_at__isnull=False).select_related("decision_maker")
    return frozen.order_by("-number").first() or petition.version


def _others(petition: Petition) -> list[Petition]:
    if petition.starter is None:
        return []
    others = Petition.objects.for_lists().owned_by(petition.starter).exclude(pk=petition.pk)
    return list(others.exclude(state=State.DRAFT).order_by("-submitted_at", "-pk")[:OTHERS])


def _deciding(moderator: User, petition: Petition, form: DecisionForm | None) -> dict[str, Any]:
    """Return the form for those who may decide, and the sentences that say why something can't be chosen."""
    if not moderation.may_decide(moderator):
        return {}
    possible = moderation.possible(petition)
    if petition.starter_id == moderator.pk:
        return {"is_own": bool(possible)}
    obstacles = [moderation.obstacle(petition, each) for each in possible]
    form = form or DecisionForm(petition=petition)
    only = form.decisions[0].label if len(form.decisions) == 1 else ""
    return {
        "form": form if form.decisions else None,
        "only": only,
        "obstacles": [each for each in obstacles if each],
    }


def _handing(
    request: HttpRequest, room: "ModelAdmin[Petition]", petition: Petition, form: HandOverForm | None
) -> HandOverForm | None:
    if not room.has_change_permission(request) or not handover.awaits_starter(petition):
        return None
    return form or HandOverForm(petition=petition)


def _next(petition: Petition, moderator: User) -> HttpResponse:
    """Go on to the next in the queue; a petition that was not in it stays in sight."""
    if petition.state != State.SUBMITTED:
        return redirect(desk.review_url(petition))
    following = desk.next_after(petition, moderator=moderator)
    return redirect(desk.review_url(following) if following else desk.queue_url())


def _as_words(transition: Transition) -> dict[str, str]:
    return {"title": transition.version.title, "state": transition.get_target_display()}
