"""The pages that everybody reads: the same for all, without cookies, with few queries."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from lib import clock
from lib.replica import from_replica
from lib.web.public import kept_page, public_page
from petitions import counting, discovery, frontpage, marking, mistyped, reading, record
from petitions.addresses import address_of
from petitions.cards import Card
from petitions.models import Petition, Transition
from petitions.states import State
from petitions.views import filters

# Nothing in PostgreSQL's bigint is longer.
LONGEST_ID = 18


@kept_page()
@from_replica
def home(request: HttpRequest) -> HttpResponse:
    """Show what moves, what is new, what is close to its goal, and victories."""
    return render(request, "petitions/home.html", {"front": frontpage.read(), "address": _absolute("/")})


@kept_page(*filters.PARAMETERS)
@from_replica
def browse(request: HttpRequest) -> HttpResponse:
    """Show all petitions by topic, state and words; with few hits also titles that look like the words."""
    search = filters.parse(request.GET)
    found = discovery.find(search)
    page = filters.page_of(found, request.GET.get("page", ""))
    hits = list(page.object_list)
    few = search.words and found.is_scant
    alike = mistyped.similar(search.words, without=hits) if few else []
    words = marking.folded_words(search.words)
    context = {
        "search": search,
        "found": found,
        "page": page,
        "cards": [Card.made_of(row, words) for row in Petition.objects.cards_of(hits)],
        "similar": [Card.made_of(row) for row in Petition.objects.cards_of(alike)],
        "facets": filters.facets(search, found.counts, found.topics),
        "elsewhere": found.counts.total() - found.total,
        "everywhere": filters.everywhere(search),
        "prefix": filters.prefix(search),
        "nav": "browse",
    }
    return render(request, "petitions/browse.html", context)


@kept_page()
@from_replica
def detail(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show a petition that has been decided on; one that has not exists for nobody here."""
    number = _number_in(slug)
    page = reading.read(number, clock.now())
    if page is None:
        return _not_public(request, number, slug)
    if page.petition.slug != slug:
        return redirect(address_of(page.petition.slug), permanent=True)
    return render(request, "petitions/detail.html", {"page": page, "petition": page.petition})


@public_page
def count(request: HttpRequest, slug: str) -> JsonResponse:
    """Return the exact count, the goal and the sentence of a public petition."""
    progress = counting.progress_of(slug)
    if progress is None:
        raise Http404
    facts = {"signatures": progress.signatures, "goal": progress.goal, "sentence": progress.sentence}
    return JsonResponse(facts, json_dumps_params={"ensure_ascii": False})


def _number_in(slug: str) -> int:
    """Return the id that ends the address; the words before it may be old or mistyped."""
    number = slug.rpartition("-")[2]
    if not number.isdecimal() or len(number) > LONGEST_ID:
        raise Http404
    return int(number)


def _not_public(request: HttpRequest, number: int, slug: str) -> HttpResponseBase:
    """Show a rejected petition with its reasons, unless one hides it; of a removed one no more than that."""
    found = Petition.objects.decided().with_text().annotate(exact=counting.exact()).filter(pk=number).first()
    if found is None:
        raise Http404
    moves = list(found.transitions.order_by("at", "pk"))
    if found.state == State.REMOVED:
        return _removed(request, found, moves)
    return _rejected(request, found, moves, slug)


def _rejected(
    request: HttpRequest, petition: Petition, moves: list[Transition], slug: str
) -> HttpResponseBase:
    reasons = record.reasons_for(moves, State.REJECTED)
    if any(reason.hides for reason in reasons):
        raise Http404
    if petition.slug != slug:
        return redirect(petition, permanent=True)
    context = {
        "petition": petition,
        "record": record.public_lines(moves),
        "reasons": reasons,
        "decided_at": record.moved_at(moves, State.REJECTED),
        "repeated": record.repeated_by(moves),
    }
    return render(request, "petitions/rejected.html", context)


def _removed(request: HttpRequest, petition: Petition, moves: list[Transition]) -> HttpResponse:
    context = {
        "date": record.moved_at(moves, State.REMOVED),
        "reasons": record.reasons_for(moves, State.REMOVED),
        "signatures": petition.progress.signatures,
    }
    return render(request, "petitions/removed.html", context, status=410)


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{path}"
