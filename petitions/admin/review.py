"""The review page: a petition as the public would read it, what there is to know about it, and the decision."""

from typing import Any, cast

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from petitions import cards, desk
from petitions.admin import pages, reading
from petitions.decision_form import DecisionForm
from petitions.models import Petition
from petitions.moderation_forms import HandOverForm, NoteForm
from petitions.services import handover, moderation, opening


@require_safe
def review(request: HttpRequest, room: "ModelAdmin[Petition]", pk: int) -> HttpResponseBase:
    """Show a petition to those who may see it, with the forms of those who may use them."""
    petition, person = pages.visible(request, room, pk), cast(User, request.user)
    page = show(request, room, petition)
    if request.method == "GET" and moderation.may_decide(person) and petition.starter_id != person.pk:
        opening.opened(petition=petition, person=person)
    return page


@require_safe
def as_public(request: HttpRequest, room: "ModelAdmin[Petition]", pk: int) -> HttpResponseBase:
    """Show a petition in the look of the public page, whatever its state; nothing can be done here."""
    petition = pages.visible(request, room, pk)
    petition.version = pages.sent_in(petition)
    context = {
        "petition": petition,
        "called": cards.first_name(petition.starter_name),
        "language": petition.language_tag,
        "goals": [petition.progress.goal, petition.progress.next_goal],
        "review_url": desk.review_url(petition),
    }
    return TemplateResponse(request, "admin/petitions/petition/as_public.html", context)


def show(
    request: HttpRequest,
    room: "ModelAdmin[Petition]",
    petition: Petition,
    *,
    typed: Any = None,
    hand_over_form: HandOverForm | None = None,
    note_form: NoteForm | None = None,
) -> HttpResponse:
    """Answer with the page; what was typed into one of its forms is in it again."""
    person = cast(User, request.user)
    read = reading.of(petition, person)
    context = {
        **pages.frame(request, room, petition, _("Read and decide")),
        **read,
        **_deciding(person, petition, typed, read.get("similar", [])),
        "hand_over_form": _handing(request, room, petition, hand_over_form),
        "note_form": (note_form or NoteForm()) if read["may_note"] else None,
        "may_correct": room.has_change_permission(request, petition),
    }
    return TemplateResponse(request, "admin/petitions/petition/review.html", context)


def _deciding(person: User, petition: Petition, typed: Any, similar: list[Any]) -> dict[str, Any]:
    """Return the form for those who may decide, why something can't be chosen, and what they read after this."""
    if not moderation.may_decide(person):
        return {}
    form = DecisionForm(typed, petition=petition, moderator=person, similar=similar)
    only = form.decisions[0].label if len(form.decisions) == 1 else ""
    following = desk.next_after(petition, moderator=person)
    return {
        "form": form if form.decisions else None,
        "only": only,
        "obstacles": form.obstacles,
        "next_url": desk.review_url(following) if following else "",
    }


def _handing(
    request: HttpRequest, room: "ModelAdmin[Petition]", petition: Petition, form: HandOverForm | None
) -> HandOverForm | None:
    if not room.has_change_permission(request) or not handover.awaits_starter(petition):
        return None
    return form or HandOverForm(petition=petition, administrator=cast(User, request.user))
