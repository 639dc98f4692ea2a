"""What is posted from the review page: a decision, a note, a hand-over; what has changed meanwhile is never overwritten."""

from typing import cast

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from petitions import desk
from petitions.admin import asking, pages, review
from petitions.decision_form import DecisionForm
from petitions.models import Petition, Transition
from petitions.moderation_forms import HandOverForm, NoteForm
from petitions.services import handover, moderation, noting
from petitions.states import NotAllowed, State


@require_POST
def decide(request: HttpRequest, room: "ModelAdmin[Petition]", pk: int) -> HttpResponseBase:
    """Carry a decision out and go on to the next in the queue, or show first which mail it would send."""
    moderator = cast(User, request.user)
    if not moderation.may_decide(moderator):
        raise PermissionDenied
    petition = pages.visible(request, room, pk)
    form = DecisionForm(request.POST, petition=petition, moderator=moderator)
    if not form.is_of(petition):
        return _meanwhile(request, room, petition, form.typed())
    if not form.decisions and form.obstacles:
        return _meanwhile(request, room, petition, form.typed(), NotAllowed(form.obstacles[0]))
    if asking.step_of(request) == asking.BACK or not form.is_valid():
        return review.show(request, room, petition, typed=request.POST)
    try:
        return _carry_out(request, room, petition, form)
    except NotAllowed as refusal:
        return _meanwhile(request, room, petition, form.typed(), refusal)


@require_POST
def note(request: HttpRequest, room: "ModelAdmin[Petition]", pk: int) -> HttpResponseBase:
    """Keep a note for the other moderators."""
    petition, author = pages.visible(request, room, pk), cast(User, request.user)
    if not noting.may_read(author, petition):
        raise PermissionDenied
    form = NoteForm(request.POST)
    if not form.is_valid():
        return review.show(request, room, petition, note_form=form)
    try:
        noting.note(petition=petition, author=author, text=form.cleaned_data["text"])
    except NotAllowed as refusal:
        form.add_error("text", str(refusal))
        return review.show(request, room, petition, note_form=form)
    messages.success(request, _("Your note is kept."))
    return redirect(f"{desk.review_url(petition)}#notes")


@require_POST
def hand_over(request: HttpRequest, room: "ModelAdmin[Petition]", pk: int) -> HttpResponseBase:
    """Give an imported petition to the member with the typed address, or show first which mail that would send."""
    if not room.has_change_permission(request):
        raise PermissionDenied
    petition, administrator = pages.visible(request, room, pk), cast(User, request.user)
    form = HandOverForm(request.POST, petition=petition, administrator=administrator)
    if not form.is_of(petition):
        return _meanwhile(request, room, petition, form.typed())
    if sentence := handover.why_not(administrator, petition):
        return _meanwhile(request, room, petition, form.typed(), NotAllowed(sentence))
    if asking.step_of(request) == asking.BACK or not form.is_valid():
        return review.show(request, room, petition, hand_over_form=form)
    try:
        return _hand_over(request, room, petition, form)
    except NotAllowed as refusal:
        return _meanwhile(request, room, petition, form.typed(), refusal)


def _hand_over(
    request: HttpRequest, room: "ModelAdmin[Petition]", petition: Petition, form: HandOverForm
) -> HttpResponse:
    member = form.cleaned_data["address"]
    if asking.step_of(request):
        return _show_mail(request, room, petition, form, verb="hand_over", to=member)
    form.carry_out()
    said = {"name": member.shown_name, "title": petition}
    messages.success(request, _("%(name)s is the starter of “%(title)s” now.") % said)
    return redirect(desk.review_url(petition))


def _carry_out(
    request: HttpRequest, room: "ModelAdmin[Petition]", petition: Petition, form: DecisionForm
) -> HttpResponse:
    if asking.step_of(request):
        return _show_mail(request, room, petition, form, verb="decide", to=petition.starter)
    transition = form.carry_out()
    messages.success(request, _("“%(title)s”: %(state)s.") % _as_words(transition))
    return _next(petition, cast(User, request.user))


def _show_mail(
    request: HttpRequest,
    room: "ModelAdmin[Petition]",
    petition: Petition,
    form: DecisionForm | HandOverForm,
    *,
    verb: str,
    to: User | None,
) -> HttpResponse:
    frame = pages.frame(request, room, petition, _("The mail, before it is sent"))
    action = reverse(f"admin:petitions_petition_{verb}", args=[petition.pk])
    return asking.show_mail(
        request, form.carry_out, frame, action=action, label=form.label(), follows=form.follows(), to=to
    )


def _meanwhile(
    request: HttpRequest,
    room: "ModelAdmin[Petition]",
    petition: Petition,
    typed: list[tuple[str, str]],
    refusal: NotAllowed | None = None,
) -> HttpResponse:
    back = desk.review_url(petition)
    return pages.meanwhile(request, room, petition, typed=typed, back_url=back, refusal=refusal)


def _next(petition: Petition, moderator: User) -> HttpResponse:
    """Go on to the next in the queue; a petition that was not in it stays in sight."""
    if petition.state != State.SUBMITTED:
        return redirect(desk.review_url(petition))
    following = desk.next_after(petition, moderator=moderator)
    return redirect(desk.review_url(following) if following else desk.queue_url())


def _as_words(transition: Transition) -> dict[str, str]:
    return {"title": transition.version.title, "state": transition.get_target_display()}
