"""Signing a petition: a visitor asks and confirms by mail, a member signs with one click."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.preferences import own_time
from accounts.services import keep_name
from lib import tokens
from lib.web.public import private_page
from petitions.cards import Card
from petitions.guards import id_in
from petitions.models import Petition
from signatures import consents, guards, origin
from signatures.forms import AskForm, ChoicesForm, MemberForm
from signatures.models import Signature
from signatures.services import signing
from signatures.services.signing import Outcome

THANKS = "thanks"


@require_http_methods(["GET", "HEAD", "POST"])
@private_page
@own_time
def sign(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show the form; a POST signs, or asks the mailbox.

    The statement that signs reads the petition itself. Only a page about it, where it did not sign, needs it here.
    """
    form = _filled_in(request) if request.method == "POST" else None
    answer = _act(request, slug, form) if form and form.is_valid() else None
    return answer or _show(request, slug, form)


@require_safe
@guards.at_petition
def sent(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Ask to look into the mailbox; the same words whoever asked, and whatever was written there."""
    return render(request, "signatures/sent.html", {"petition": petition})


def to_thanks(signature_id: int) -> HttpResponse:
    """Lead to the thank-you page of this signature."""
    return HttpResponseRedirect(reverse("signatures:thanks", args=[tokens.make(THANKS, signature_id)]))


def _filled_in(request: HttpRequest) -> AskForm | MemberForm:
    person = request.user
    return MemberForm(request.POST, person=person) if person.is_authenticated else AskForm(request.POST)


def _act(request: HttpRequest, slug: str, form: AskForm | MemberForm) -> HttpResponse | None:
    petition = Petition(pk=id_in(slug))
    if isinstance(form, AskForm):
        return redirect("signatures:sent", slug) if _ask(request, petition, form) else None
    answer = signing.sign(
        petition=petition, user=form.person, choices=form.choices(), origin=origin.of_member(request)
    )
    if answer.outcome == Outcome.CLOSED:
        return None
    keep_name(user=form.person, name=form.cleaned_data["name"])
    # Without a row of their own, the mailbox's is another account's; the petition's page says how it goes on.
    return to_thanks(answer.signature) if answer.signature else redirect("petitions:detail", slug)


def _ask(request: HttpRequest, petition: Petition, form: AskForm) -> bool:
    typed = form.cleaned_data
    return signing.ask(
        petition=petition,
        email=typed["email"],
        choices=form.choices(),
        origin=origin.of_visitor(request, carried=typed["stamp"], trap=typed["homepage"]),
        request_key=typed["request_key"],
    )


@guards.at_petition
def _show(request: HttpRequest, petition: Petition, form: AskForm | MemberForm | None) -> HttpResponse:
    if not guards.is_open(petition) or (form and form.is_valid()):
        return guards.ended(request, petition)
    if form:
        return _page(request, petition, form, status=422)
    if not request.user.is_authenticated:
        return _page(request, petition, AskForm())
    earlier = Signature.objects.filter(petition=petition, user=request.user).first()
    return _page(request, petition, MemberForm(person=request.user, earlier=earlier), signature=earlier)


def _page(
    request: HttpRequest, petition: Petition, form: ChoicesForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    facts = {"petition": petition, "card": Card.of(petition), "form": form, "consent": consents.text()}
    return render(request, "signatures/sign.html", {**facts, **context}, status=status)
