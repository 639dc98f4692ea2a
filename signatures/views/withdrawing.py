"""Links that end something: a signature, or its mails. Neither needs a log-in."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.preferences import own_time
from lib import tokens
from signatures import guards
from signatures.emails import UNSUBSCRIBE, WITHDRAW
from signatures.models import Signature, State
from signatures.services import choosing, withdrawing

READ_OR_DO = require_http_methods(["GET", "HEAD", "POST"])


@READ_OR_DO
@guards.by_link(WITHDRAW, even_taken_down=True)
@own_time
def withdraw(request: HttpRequest, token: str, signature: Signature) -> HttpResponseBase:
    """Show what would be taken back, and a button; a POST takes it back, or deletes a request that still waits."""
    if request.method != "POST":
        return _page(request, token, signature)
    if withdrawing.disown(signature=signature):
        return render(request, "signatures/disowned.html", {"petition": signature.petition})
    withdrawing.withdraw(signature=signature)
    return redirect("signatures:withdraw", token)


# Mail programs send this POST by themselves (RFC 8058): without a cookie, so without a token against forgery; the
# link itself is signed, and all it can do is to end mails.
@csrf_exempt
@READ_OR_DO
@guards.secret_page
def unsubscribe(request: HttpRequest, token: str) -> HttpResponseBase:
    """Say which mails would end, with a button; a POST ends them."""
    kind, _dot, pk = (tokens.read(UNSUBSCRIBE, token) or "").rpartition(".")
    signature = guards.signature_by(guards.number_of(pk)) if kind else None
    if signature is None:
        return guards.dead_link(request)
    if request.method == "POST":
        choosing.unsubscribe(signature=signature)
        signature.updates = False
    context = {"signature": signature, "petition": signature.petition, "token": token}
    return render(request, "signatures/unsubscribe.html", context)


def _page(request: HttpRequest, token: str, signature: Signature) -> HttpResponse:
    if signature.state not in {State.CONFIRMED, State.PENDING}:
        return guards.standing(request, signature)
    context = {"token": token, "signature": signature, "petition": signature.petition}
    return render(request, "signatures/withdraw.html", context)
