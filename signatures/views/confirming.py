"""The link in the mail: it shows what was asked for, and a button; only the button does anything."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.preferences import own_time
from lib import tokens
from petitions.cards import Card
from signatures import consents, guards, origin, sharing
from signatures.emails import CONFIRM, WITHDRAW
from signatures.forms import ConfirmForm, choices_of
from signatures.models import WAITING, Signature, State
from signatures.services import confirming, withdrawing
from signatures.services.signing import Outcome
from signatures.views.signing import THANKS, to_thanks


@require_http_methods(["GET", "HEAD", "POST"])
@guards.secret_page
@own_time
def confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show the name, the reason and the choices, to be read once more; a POST makes the signature count.

    The statement that confirms reads everything itself. Only a page, where it did not confirm, needs to read it here.
    """
    number = guards.number_in(CONFIRM, token)
    form = _filled_in(request, number) if request.method == "POST" and number is not None else None
    answer = _act(request, number, form) if number is not None and form and form.is_valid() else None
    return answer or _show(request, token, form)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.by_link(CONFIRM)
def disown(request: HttpRequest, token: str, signature: Signature) -> HttpResponse:
    """Delete a request that the mailbox's owner never made."""
    if request.method != "POST":
        return redirect("signatures:confirm", token)
    if not withdrawing.disown(signature=signature):
        return redirect("signatures:confirm", token)
    return render(request, "signatures/disowned.html", {"petition": signature.petition})


@require_safe
@guards.by_link(THANKS)
@own_time
def thanks(request: HttpRequest, token: str, signature: Signature) -> HttpResponse:
    """Thank for a signature that counts, with the exact count and words to pass on; or say how it stands."""
    if signature.state != State.CONFIRMED:
        return guards.standing(request, signature)
    petition = signature.petition
    context = {
        "signature": signature,
        "petition": petition,
        "card": Card.of(petition),
        "is_open": guards.is_open(petition),
        "invitation": sharing.invitation(petition),
        "withdraw_token": tokens.make(WITHDRAW, signature.pk),
        "is_own": request.user.is_authenticated and request.user.pk == signature.user_id,
    }
    return render(request, "signatures/thanks.html", context)


def _filled_in(request: HttpRequest, number: int) -> ConfirmForm:
    if "name" in request.POST:
        return ConfirmForm(request.POST)
    # A POST from a program that brings no fields confirms what was asked for.
    signature = Signature.objects.filter(pk=number).first()
    return ConfirmForm(choices_of(signature) if signature else {})


def _act(request: HttpRequest, number: int, form: ConfirmForm) -> HttpResponse | None:
    answer = confirming.confirm(
        signature=Signature(pk=number), choices=form.choices(), language=origin.language()
    )
    if answer.outcome == Outcome.BLOCKED:
        return render(request, "signatures/blocked.html", status=403)
    # The account may have signed under another of its addresses: then that signature is thanked for.
    is_theirs = answer.outcome in {Outcome.SIGNED, Outcome.HELD, Outcome.ALREADY, Outcome.REMOVED}
    return to_thanks(answer.signature) if answer.signature and is_theirs else None


@guards.by_link(CONFIRM)
def _show(request: HttpRequest, token: str, signature: Signature, form: ConfirmForm | None) -> HttpResponse:
    if signature.state not in WAITING:
        return guards.standing(request, signature, withdraw_token=tokens.make(WITHDRAW, signature.pk))
    if not guards.can_be_confirmed(signature) or (form and form.is_valid()):
        return guards.ended(request, signature.petition)
    if form:
        return _page(request, token, signature, form, status=422)
    return _page(request, token, signature, ConfirmForm(initial=choices_of(signature)))


def _page(
    request: HttpRequest, token: str, signature: Signature, form: ConfirmForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "token": token,
        "signature": signature,
        "petition": signature.petition,
        "card": Card.of(signature.petition),
        "form": form,
        "consent": consents.text(),
    }
    return render(request, "signatures/confirm.html", context, status=status)
