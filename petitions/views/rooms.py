"""The starter's rooms: what they have started, one petition's room, and what can be done in it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from petitions import standing, typed
from petitions.cards import first_name
from petitions.forms import DraftForm, as_data
from petitions.guards import members_only, own_petition
from petitions.models import Petition
from petitions.services import closing, drafting
from petitions.services.drafting import Changed, Incomplete
from petitions.states import NotAllowed, State

READ_OR_DO = require_http_methods(["GET", "HEAD", "POST"])
PETITIONS_ON_A_PAGE = 50


@require_safe
@members_only
def mine(request: HttpRequest, person: User) -> HttpResponse:
    """Show what this person has started, what needs them first."""
    page = Paginator(standing.petitions_of(person), PETITIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "petitions/mine.html", {"page": page})


@require_safe
@own_petition
def manage(request: HttpRequest, person: User, petition: Petition) -> HttpResponse:
    """Show where the petition stands, what can be done now, and its record."""
    record = standing.record_of(petition)
    context = {
        "petition": petition,
        "record": record,
        "decision": standing.decision_in(record, petition),
        "queue": standing.queue_of(petition),
        "answers": standing.answers_of(petition, person),
        "missing": drafting.missing_fields(petition) if petition.is_editable else [],
    }
    return render(request, "petitions/manage.html", context)


@READ_OR_DO
@own_petition
def edit(request: HttpRequest, person: User, petition: Petition) -> HttpResponse:
    """Let the starter go on writing."""
    place = typed.edit_of(petition.pk)
    if not petition.is_editable:
        raise NotAllowed(_("This petition has been sent; its text can’t be changed now."))
    if request.method != "POST":
        held = typed.kept(request, place)
        form = DraftForm(person=person, petition=petition, typed=held)
        return edit_page(request, petition, form, held=bool(held))
    if request.POST.get("action") == "discard":
        typed.forget(request, place)
        return redirect("petitions:edit", petition.slug)
    form = DraftForm(request.POST, person=person, petition=petition)
    if not form.is_valid():
        return edit_page(request, petition, form, status=422)
    try:
        petition = drafting.revise(petition=petition, draft=form.draft(), basis=form.cleaned_data["basis"])
    except Changed as conflict:
        return ask_which_words(request, conflict.petition, form)
    typed.forget(request, place)
    return to_next_step(request, petition)


@require_safe
@own_petition
def preview(request: HttpRequest, person: User, petition: Petition) -> HttpResponse:
    """Show the petition as everybody will see it; one that everybody sees already is shown at its own address."""
    if petition.is_public:
        return redirect(petition)
    context = {
        "petition": petition,
        "called": first_name(petition.starter_name),
        "goals": [petition.progress.goal, petition.progress.next_goal],
        "basis": drafting.draft_of(petition).fingerprint(),
    }
    return render(request, "petitions/preview.html", context)


@READ_OR_DO
@own_petition
def submit(request: HttpRequest, person: User, petition: Petition) -> HttpResponse:
    """Send it to the moderators, as it was read in the preview."""
    if request.method != "POST":
        return redirect("petitions:preview", petition.slug)
    try:
        drafting.submit(petition=petition, starter=person, basis=request.POST.get("basis", ""))
    except Incomplete as lack:
        return _say_what_is_missing(request, person, petition, lack.missing)
    except Changed:
        messages.warning(
            request, _("The text has been changed since you opened the preview. This is the new one.")
        )
        return redirect("petitions:preview", petition.slug)
    messages.success(request, _("It is with the moderators. They write to you when they have read it."))
    return redirect("petitions:manage", petition.slug)


@READ_OR_DO
@own_petition
def close(request: HttpRequest, person: User, petition: Petition) -> HttpResponse:
    """Ask once more, then end the petition."""
    if petition.state != State.PUBLISHED:
        raise NotAllowed(_("Only a published petition can be closed."))
    if request.method != "POST":
        return render(request, "petitions/confirm_close.html", {"petition": petition})
    closing.close(petition=petition, starter=person)
    messages.success(request, _("The petition is closed. Its page and its count stay."))
    return redirect("petitions:manage", petition.slug)


@READ_OR_DO
@own_petition
def delete(request: HttpRequest, person: User, petition: Petition) -> HttpResponse:
    """Ask once more, then throw a draft away."""
    if petition.state != State.DRAFT:
        raise NotAllowed(_("Only a draft can be deleted."))
    if request.method != "POST":
        return render(request, "petitions/confirm_delete.html", {"petition": petition})
    drafting.delete(petition=petition)
    typed.forget(request, typed.edit_of(petition.pk))
    messages.success(request, _("The draft is deleted."))
    return redirect("petitions:mine")


def to_next_step(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Go from a form that was kept to what its button promised."""
    if request.POST.get("action") == "preview":
        return redirect("petitions:preview", petition.slug)
    messages.success(request, _("Your draft is kept. Only you can see it."))
    return redirect("petitions:manage", petition.slug)


def ask_which_words(request: HttpRequest, petition: Petition, form: DraftForm) -> HttpResponse:
    """Hold what was typed and show it beside the words that are kept, so that the starter decides."""
    typed.keep(request, typed.edit_of(petition.pk), form.typed())
    return redirect("petitions:edit", petition.slug)


def edit_page(
    request: HttpRequest, petition: Petition, form: DraftForm, *, status: int = 200, **context: object
) -> HttpResponse:
    """Show the form of a petition, with what the moderators asked for where they did."""
    facts: dict[str, object] = {"petition": petition, "form": form}
    if petition.state == State.CHANGES_REQUESTED:
        facts["decision"] = standing.last_decision(petition)
        facts["returns"] = drafting.resubmissions_left(petition)
    return render(request, "petitions/edit.html", {**facts, **context}, status=status)


def _say_what_is_missing(
    request: HttpRequest, person: User, petition: Petition, missing: list[str]
) -> HttpResponse:
    form = DraftForm(as_data(petition), person=person, petition=petition)
    form.name_missing(missing)
    return edit_page(request, petition, form, status=422)
