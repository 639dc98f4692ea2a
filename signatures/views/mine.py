"""My signatures: what I have signed, what others see of it, and the way back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from petitions.guards import members_only
from signatures import guards
from signatures.forms import EditForm
from signatures.models import Signature
from signatures.services import choosing, withdrawing

SIGNATURES_ON_A_PAGE = 50


@require_safe
@members_only
def mine(request: HttpRequest, person: User) -> HttpResponse:
    """Show what this person has signed, latest first."""
    signed = Signature.objects.of(person).for_lists().select_related("petition__tally")
    page = Paginator(signed, SIGNATURES_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "signatures/mine.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def change(request: HttpRequest, person: User, pk: int) -> HttpResponse:
    """Change or take back one's own signature; anybody else's is not found."""
    signature = (
        Signature.objects.of(person).for_lists().select_related("petition__tally").filter(pk=pk).first()
    )
    if signature is None:
        raise Http404
    if request.method == "POST" and request.POST.get("action") == "withdraw":
        return _withdraw(request, signature)
    form = EditForm(request.POST if request.method == "POST" else None, signature=signature)
    if request.method == "POST" and form.is_valid():
        return _keep(request, signature, form)
    context = {"signature": signature, "petition": signature.petition, "form": form}
    context["is_open"] = guards.is_open(signature.petition)
    return render(request, "signatures/change.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, signature: Signature, form: EditForm) -> HttpResponse:
    if choosing.choose(signature=signature, **form.cleaned_data):
        messages.success(request, _("Your choices are kept."))
    else:
        messages.warning(
            request, _("This signature does not stand any more, so there was nothing to change.")
        )
    return redirect("signatures:mine")


def _withdraw(request: HttpRequest, signature: Signature) -> HttpResponse:
    withdrawn = withdrawing.withdraw(signature=signature)
    if request.POST.get("back") == "petition":
        # The petition's page is the same for everybody and shows no messages; its panel says how things stand.
        return redirect(signature.petition)
    if withdrawn:
        messages.success(request, _("Your signature is withdrawn. You are no longer counted."))
    return redirect("signatures:mine")
