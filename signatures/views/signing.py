"""Signing a petition: a visitor asks and confirms by mail, a member signs with one click."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.preferences import own_time
from accounts.services import keep_name
from lib import tokens
from petitions.cards import Card
from petitions.models import Petition
from signatures import consents, guards, origin
from signatures.forms import AskForm, ChoicesForm, MemberForm
from signatures.models import Signature
from signatures.services import signing
from signatures.services.signing import Outcome

THANKS = "thanks"


@require_http_methods(["GET", "HEAD", "POST"])
@guards.at_petition
@own_time
def sign(request: HttpRequest, petition: Petition) -> HttpResponseBase:
    """Show the form; a POST signs, or asks the mailbox."""
    if not guards.is_open(petition):
        return guards.ended(request, petition)
    if request.user.is_authenticated:
        return _as_member(request, petition, request.user)
    return _as_visitor(request, petition)


@require_safe
@guards.at_petition
def sent(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Ask to look into the mailbox; the same words whoever asked, and whatever was written there."""
    return render(request, "signatures/sent.html", {"petition": petition})


def to_thanks(signature_id: int) -> HttpResponse:
    """Lead to the thank-you page of this signature."""
    return redirect("signatures:thanks", tokens.make(THANKS, signature_id))


def _as_visitor(request: HttpRequest, petition: Petition) -> HttpResponse:
    if request.method != "POST":
        return _page(request, petition, AskForm())
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, petition, form, status=422)
    typed = form.cleaned_data
    asked = signing.ask(
        petition=petition,
        email=typed["email"],
        choices=form.choices(),
        origin=origin.of_visitor(request, carried=typed["stamp"], trap=typed["homepage"]),
        request_key=typed["request_key"],
    )
    return redirect("signatures:sent", petition.slug) if asked else guards.ended(request, petition)


def _as_member(request: HttpRequest, petition: Petition, person: User) -> HttpResponse:
    if request.method != "POST":
        earlier = Signature.objects.filter(petition=petition, user=person).first()
        form = MemberForm(person=person, earlier=earlier)
        return _page(request, petition, form, signature=earlier)
    form = MemberForm(request.POST, person=person)
    if not form.is_valid():
        return _page(request, petition, form, status=422)
    keep_name(user=person, name=form.cleaned_data["name"])
    outcome = signing.sign(
        petition=petition, user=person, choices=form.choices(), origin=origin.of_member(request)
    )
    return _after(request, petition, person, outcome)


def _after(request: HttpRequest, petition: Petition, person: User, outcome: Outcome) -> HttpResponse:
    if outcome == Outcome.CLOSED:
        return guards.ended(request, petition)
    theirs = Signature.objects.filter(petition=petition, user=person).values_list("pk", flat=True).first()
    # Without a row of their own, the mailbox's is another account's; the petition's page says how it goes on.
    return to_thanks(theirs) if theirs else redirect(petition)


def _page(
    request: HttpRequest, petition: Petition, form: ChoicesForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    facts = {"petition": petition, "card": Card.of(petition), "form": form, "consent": consents.text()}
    return render(request, "signatures/sign.html", {**facts, **context}, status=status)
