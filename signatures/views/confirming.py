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
from signatures.forms import ConfirmForm
from signatures.models import WAITING, Signature, State
from signatures.services import confirming, withdrawing
from signatures.services.signing import Outcome
from signatures.views.signing import THANKS, to_thanks


@require_http_methods(["GET", "HEAD", "POST"])
@guards.by_link(CONFIRM)
@own_time
def confirm(request: HttpRequest, token: str, signature: Signature) -> HttpResponseBase:
    """Show the name, the reason and the choices, to be read once more; a POST makes the signature count."""
    if signature.state not in WAITING:
        return _as_it_stands(request, signature)
    if not guards.can_be_confirmed(signature):
        return guards.ended(request, signature.petition)
    if request.method != "POST":
        return _page(request, token, signature, ConfirmForm(signature=signature))
    form = ConfirmForm(request.POST, signature=signature)
    if not form.is_valid():
        return _page(request, token, signature, form, status=422)
    outcome = confirming.confirm(signature=signature, choices=form.choices(), language=origin.language())
    return _after(request, signature, outcome)


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


def _as_it_stands(request: HttpRequest, signature: Signature) -> HttpResponse:
    return guards.standing(request, signature, withdraw_token=tokens.make(WITHDRAW, signature.pk))


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


def _after(request: HttpRequest, signature: Signature, outcome: Outcome) -> HttpResponse:
    if outcome == Outcome.CLOSED:
        return guards.ended(request, signature.petition)
    if outcome == Outcome.BLOCKED:
        return render(request, "signatures/blocked.html", status=403)
    if outcome == Outcome.GONE:
        return guards.dead_link(request)
    return to_thanks(_that_counts(signature))


def _that_counts(signature: Signature) -> int:
    """Return the signature that the account has: its own earlier one, where it signed under another address."""
    proven = {"user__emailaddress__email__iexact": signature.email, "user__emailaddress__verified": True}
    theirs = Signature.objects.filter(petition=signature.petition_id, **proven)
    return theirs.values_list("pk", flat=True).first() or signature.pk
