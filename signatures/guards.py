"""What stands before the pages of signing: the petition at the address, or the signature that a link is for."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from lib import clock, tokens
from lib.web.public import private_page
from petitions import counting, record
from petitions.cards import can_be_signed
from petitions.guards import LONGEST_ID, id_in
from petitions.models import Petition
from petitions.states import State as PetitionState
from signatures.models import Signature, State
from signatures.services.statements import GRACE

View = Callable[..., HttpResponseBase]


def at_petition(view: View) -> View:
    """Give a private view the petition at its address, with the exact count; one that was taken down says so."""
    return _at(view, petition_by)


def beside_petition(view: View) -> View:
    """The same with the petition's own row alone: for what every reader of its page asks for."""
    return _at(view, bare_petition_by)


def _at(view: View, find: Callable[[int], Petition | None]) -> View:
    @private_page
    @wraps(view)
    def guarded(request: HttpRequest, slug: str, *args: Any) -> HttpResponseBase:
        petition = find(id_in(slug))
        if petition is None:
            raise Http404
        if petition.state == PetitionState.REMOVED:
            return taken_down(request, petition_by(petition.pk) or petition)
        if not petition.is_public:
            return redirect(petition)
        return view(request, petition, *args)

    return guarded


def by_link(purpose: str, *, even_taken_down: bool = False) -> Callable[[View], View]:
    """Give a private view the signature that its signed link is for, with the petition; dead links say so."""

    def decorate(view: View) -> View:
        @secret_page
        @wraps(view)
        def guarded(request: HttpRequest, token: str, *args: Any) -> HttpResponseBase:
            signature = signature_by(number_in(purpose, token))
            if signature is None:
                return dead_link(request)
            if signature.petition.state == PetitionState.REMOVED and not even_taken_down:
                return taken_down(request, signature.petition)
            return view(request, token, signature, *args)

        return guarded

    return decorate


def petition_by(pk: int) -> Petition | None:
    """Return a decided petition with its title, its exact count and the database's time."""
    petitions = Petition.objects.decided().for_lists().annotate(exact=counting.exact(), read_at=Now())
    return petitions.filter(pk=pk).first()


def bare_petition_by(pk: int) -> Petition | None:
    """Return a decided petition with the database's time and nothing that stands in other tables."""
    return Petition.objects.decided().annotate(read_at=Now()).filter(pk=pk).first()


def number_in(purpose: str, token: str) -> int | None:
    """Return the number that a token of this purpose was made for, or None."""
    return number_of(tokens.read(purpose, token))


def number_of(pk: str | None) -> int | None:
    """Return a signature’s number as it stands in a token, or None where it is none."""
    return int(pk) if pk and pk.isdecimal() and len(pk) <= LONGEST_ID else None


def signature_by(pk: int | None) -> Signature | None:
    """Return the signature of this number with its petition, or None."""
    signature = Signature.objects.filter(pk=pk).first() if pk is not None else None
    petition = petition_by(signature.petition_id) if signature else None
    if signature and petition:
        signature.petition = petition
        return signature
    return None


def secret_page(view: View) -> View:
    """Mark a private view whose address has a token: it goes to no other site and into no search engine.

    A page without a referrer sends its forms with “Origin: null”, which is refused; so it tells its origin alone.
    """

    @private_page
    @wraps(view)
    def unnamed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return unnamed


def is_open(petition: Petition) -> bool:
    """Say whether it can be signed now; the statement that signs asks again, by the database's clock."""
    return can_be_signed(petition, _now(petition))


def can_be_confirmed(signature: Signature) -> bool:
    """Say whether the button on the confirming page will do anything; the statement that confirms asks again."""
    petition = signature.petition
    now = _now(petition)
    if can_be_signed(petition, now):
        return True
    end = _end(petition)
    in_time = end is not None and signature.asked_at < end and now < end + GRACE
    return signature.state == State.PENDING and in_time


def _now(petition: Petition) -> datetime:
    """Return the database's time where the petition came with it: this machine's clock may be ahead of the end."""
    read_at: datetime | None = getattr(petition, "read_at", None)
    return read_at or clock.now()


def _end(petition: Petition) -> datetime | None:
    if petition.state == PetitionState.PUBLISHED:
        return petition.closes_at
    ends = [at for at in (petition.closed_at, petition.closes_at) if at]
    return min(ends) if petition.state == PetitionState.CLOSED and ends else None


def dead_link(request: HttpRequest) -> HttpResponse:
    """Say that a link leads to nothing any more, and what may be the cause."""
    return render(request, "signatures/dead_link.html", status=404)


def ended(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Say that signing has ended; whoever wanted to sign just now learns that it was too late."""
    status = 409 if request.method == "POST" else 200
    context = {"petition": petition, "was_late": request.method == "POST"}
    return render(request, "signatures/ended.html", context, status=status)


def standing(request: HttpRequest, signature: Signature, **context: Any) -> HttpResponse:
    """Say how things stand with a signature that this page can do nothing about."""
    petition = signature.petition
    facts = {"signature": signature, "petition": petition, "is_open": is_open(petition)}
    return render(request, "signatures/standing.html", {**facts, **context})


def taken_down(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Say that a petition was taken down, and why."""
    moves = list(petition.transitions.order_by("at", "pk"))
    context = {
        "date": record.moved_at(moves, PetitionState.REMOVED),
        "reasons": record.reasons_for(moves, PetitionState.REMOVED),
        "signatures": petition.progress.signatures,
    }
    return render(request, "petitions/removed.html", context, status=410)
