"""The starter's answers to what moderators decided: an objection, or a new wording of a published petition."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import User
from petitions import standing, typed
from petitions.answer_forms import ObjectionForm, ProposalForm
from petitions.guards import own_petition
from petitions.models import Edit, Petition
from petitions.services import editing, objecting
from petitions.services.drafting import Changed, Incomplete
from petitions.states import NotAllowed
from petitions.views.rooms import READ_OR_DO
from petitions.views.starting import shown


@READ_OR_DO
@own_petition
def object_to(request: HttpRequest, person: User, petition: Petition) -> HttpResponse:
    """Let the starter say once why a rejection or a removal is wrong."""
    if sentence := objecting.obstacle(petition, person):
        raise NotAllowed(sentence)
    place = typed.objection_to(petition.pk)
    if request.method != "POST":
        return _objection_page(request, petition, ObjectionForm(initial=typed.kept(request, place)))
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return _objection_page(request, petition, form, status=422)
    objecting.object_to(petition=petition, author=person, text=form.cleaned_data["text"])
    typed.forget(request, place)
    messages.success(request, _("Your objection is with the senior moderators. They write to you."))
    return redirect("petitions:manage", petition.slug)


@READ_OR_DO
@own_petition
def propose(request: HttpRequest, person: User, petition: Petition) -> HttpResponse:
    """Let the starter propose a new wording, or look at the one that waits and take it back."""
    if edit := petition.edits.open().for_lists().first():
        return _waiting(request, person, petition, edit)
    if sentence := editing.obstacle(petition, person):
        raise NotAllowed(sentence)
    place = typed.edit_of(petition.pk)
    if request.method != "POST":
        form = ProposalForm(person=person, petition=petition, typed=typed.kept(request, place))
        return _proposal_page(request, petition, form)
    form = ProposalForm(request.POST, person=person, petition=petition)
    if not form.is_valid():
        return _proposal_page(request, petition, form, status=422)
    if request.POST.get("action") == "preview":
        return _proposal_page(request, petition, form, text=shown(form.cleaned_data["body"]))
    return _send(request, person, petition, form)


def _send(request: HttpRequest, person: User, petition: Petition, form: ProposalForm) -> HttpResponse:
    try:
        editing.propose(
            petition=petition, starter=person, draft=form.draft(), basis=form.cleaned_data["basis"]
        )
    except Incomplete as lack:
        form.name_missing(lack.missing)
        return _proposal_page(request, petition, form, status=422)
    except Changed as conflict:
        form = ProposalForm(person=person, petition=conflict.petition, typed=typed.words_in(form.typed()))
        return _proposal_page(request, conflict.petition, form, status=409, overtaken=True)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return _proposal_page(request, petition, form, status=422)
    typed.forget(request, typed.edit_of(petition.pk))
    messages.success(
        request, _("It is with the moderators. Until they have read it, everybody reads the old text.")
    )
    return redirect("petitions:manage", petition.slug)


def _waiting(request: HttpRequest, person: User, petition: Petition, edit: Edit) -> HttpResponse:
    if request.POST.get("action") != "take-back":
        proposed = edit.petition
        proposed.version = edit.version
        context = {"petition": petition, "edit": edit, "proposed": proposed}
        return render(request, "petitions/proposed.html", context)
    editing.take_back(edit=edit, starter=person)
    messages.success(request, _("Your proposal is taken back. Everybody goes on reading the published text."))
    return redirect("petitions:manage", petition.slug)


def _proposal_page(
    request: HttpRequest, petition: Petition, form: ProposalForm, *, status: int = 200, **context: object
) -> HttpResponse:
    return render(
        request, "petitions/propose.html", {"petition": petition, "form": form, **context}, status=status
    )


def _objection_page(
    request: HttpRequest, petition: Petition, form: ObjectionForm, *, status: int = 200
) -> HttpResponse:
    context = {"petition": petition, "form": form, "decision": standing.last_decision(petition)}
    return render(request, "petitions/object.html", context, status=status)
