"""The pages for what went wrong; each needs nothing but its template."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lib import requestid
from lib.web import outage
from petitions.views.starting import form_again


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the address or the form was malformed."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that this is somebody else's room, or what whoever refused it says."""
    return render(request, "403.html", {"sentence": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that nothing is at this address."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that it was our fault, with the number under which it is logged; a lost database is no fault."""
    if away := outage.instead_of_500(request):
        return away
    return render(request, "500.html", {"request_id": requestid.current()}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old or came from elsewhere, and how to go on; a petition's words are shown again."""
    return form_again(request) or render(request, "403_csrf.html", status=403)
