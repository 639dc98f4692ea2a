"""The part of a petition's page that knows who is reading: the form, or how things stand with one's signature."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.preferences import own_time
from petitions.models import Petition
from signatures import consents, guards
from signatures.forms import AskForm, ChoicesForm, MemberForm
from signatures.models import Signature, State

Reader = User | AnonymousUser


@require_safe
@guards.beside_petition
@own_time
def panel(request: HttpRequest, petition: Petition) -> HttpResponseBase:
    """Return the form for this reader, or what they have signed; without a session it asks nobody."""
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    reader: Reader = request.user if has_session else AnonymousUser()
    signature = None
    if reader.is_authenticated:
        signature = Signature.objects.filter(petition=petition, user=reader).first()
    is_open = guards.is_open(petition)
    can_sign = is_open and (signature is None or signature.state == State.WITHDRAWN)
    context = {
        "petition": petition,
        "is_open": is_open,
        "reader": reader,
        "signature": signature,
        "form": _form_for(reader, signature) if can_sign else None,
        "consent": consents.text(),
    }
    return render(request, "signatures/panel.html", context)


def _form_for(reader: Reader, signature: Signature | None) -> ChoicesForm:
    if reader.is_authenticated:
        return MemberForm(person=reader, earlier=signature, compact=True)
    return AskForm(compact=True)
