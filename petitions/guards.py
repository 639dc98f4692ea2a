"""Who may enter the starter's rooms: the look-up starts at the reader, so nobody else's petition can be found."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from accounts.models import User
from accounts.preferences import own_time
from lib.web.public import private_page
from petitions import typed
from petitions.models import Petition
from petitions.states import NotAllowed

P = ParamSpec("P")
Room = Callable[[HttpRequest, User, Petition], HttpResponse]
# Nothing in PostgreSQL's bigint is longer.
LONGEST_ID = 18


def members_only(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponse],
) -> Callable[..., HttpResponseBase]:
    """Mark a private view for members: it gets the reader as a person; others are asked to sign in and come back."""

    @private_page
    @own_time
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, request.user, *args, **kwargs)

    return guarded


def own_petition(room: Room) -> Callable[..., HttpResponseBase]:
    """Give the view the reader's own petition; anybody else's is not found, and who is signed out signs in first.

    A petition is found by the id that ends its address, so an address with an earlier title still leads here.
    What is not allowed any more is said on the petition's page, never in a traceback.
    """

    @private_page
    @own_time
    @wraps(room)
    def guarded(request: HttpRequest, slug: str) -> HttpResponse:
        if not request.user.is_authenticated:
            return _sign_in_first(request, slug)
        petition = found_among(request.user, slug)
        try:
            return room(request, request.user, petition)
        except NotAllowed as refusal:
            messages.warning(request, str(refusal))
            return redirect(petition.get_manage_url())
        except Petition.DoesNotExist:
            raise Http404 from None

    return guarded


def found_among(person: User, slug: str) -> Petition:
    """Return the person's petition at this address, or raise Http404."""
    petition = person.petitions.with_text().filter(pk=id_in(slug)).first()
    if petition is None:
        raise Http404
    return petition


def id_in(slug: str) -> int:
    """Return the id that ends an address, or 0."""
    number = slug.rpartition("-")[2]
    return int(number) if number.isdecimal() and len(number) <= LONGEST_ID else 0


def _sign_in_first(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method == "POST":
        for field, place in (("title", typed.edit_of), ("text", typed.objection_to)):
            if field in request.POST:
                typed.keep(request, place(id_in(slug)), request.POST.dict())
    return redirect_to_login(request.get_full_path())
