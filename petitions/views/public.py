"""The pages that everybody reads: the same for all, without cookies, with few queries."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import Truncator

from lib import clock
from lib.replica import from_replica
from lib.web.public import kept_page, public_page
from petitions import counting, discovery, frontpage, marking, record
from petitions.cards import Card, can_be_signed, first_name
from petitions.models import Petition, Topic, Transition
from petitions.states import State
from petitions.views import filters

# What search engines and messengers show of a page.
DESCRIPTION_LENGTH = 200
ENDED = (State.CLOSED, State.VICTORY)
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
    alike = discovery.similar(search.words, without=[hit.pk for hit in hits]) if few else []
    context = {
        "search": search,
        "found": found,
        "page": page,
        "cards": [Card.of(hit, marking.folded_words(search.words)) for hit in hits],
        "similar": [Card.of(each) for each in alike],
        "facets": filters.facets(search, found.counts, Topic.objects.in_order()),
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
    petition = _decided_at(slug)
    moves = list(petition.transitions.order_by("at", "pk"))
    if petition.state == State.REMOVED:
        return _removed(request, petition, moves)
    reasons = record.reasons_for(moves, State.REJECTED) if petition.state == State.REJECTED else []
    if any(reason.hides for reason in reasons):
        raise Http404
    if petition.slug != slug:
        return redirect(petition, permanent=True)
    context = _reading(petition, moves)
    if petition.state == State.REJECTED:
        decision = {
            "reasons": reasons,
            "decided_at": record.moved_at(moves, State.REJECTED),
            "repeated": record.repeated_by(moves),
        }
        return render(request, "petitions/rejected.html", {**context, **decision})
    return render(request, "petitions/detail.html", context)


@public_page
def count(request: HttpRequest, slug: str) -> JsonResponse:
    """Return the exact count, the goal and the sentence of a public petition."""
    progress = counting.progress_of(slug)
    if progress is None:
        raise Http404
    facts = {"signatures": progress.signatures, "goal": progress.goal, "sentence": progress.sentence}
    return JsonResponse(facts, json_dumps_params={"ensure_ascii": False})


def _decided_at(slug: str) -> Petition:
    """Return the petition whose id ends the address; the words before it may be old or mistyped."""
    number = slug.rpartition("-")[2]
    if not number.isdecimal() or len(number) > LONGEST_ID:
        raise Http404
    found = (
        Petition.objects.decided().with_text().annotate(exact=counting.exact()).filter(pk=int(number)).first()
    )
    if found is None:
        raise Http404
    return found


def _reading(petition: Petition, moves: list[Transition]) -> dict[str, Any]:
    progress = petition.progress
    is_open = can_be_signed(petition, clock.now())
    said = f"{progress.sentence} {petition.snippet}" if is_open else petition.snippet
    return {
        "petition": petition,
        "card": Card.of(petition),
        "is_open": is_open,
        "ended": _ended(petition, is_open=is_open),
        "ended_at": record.moved_at(moves, petition.state) if petition.state in ENDED else petition.closes_at,
        "record": record.with_edits(record.public_lines(moves), record.edits_of(petition, moves)),
        "called": first_name(petition.starter_name),
        "address": _absolute(petition.get_absolute_url()),
        "description": Truncator(said).chars(DESCRIPTION_LENGTH),
    }


def _ended(petition: Petition, *, is_open: bool) -> str:
    """Return how it ended. One whose time is up has, even where the clock has not closed it yet."""
    if is_open or petition.state == State.REJECTED:
        return ""
    return str(State.VICTORY if petition.state == State.VICTORY else State.CLOSED)


def _removed(request: HttpRequest, petition: Petition, moves: list[Transition]) -> HttpResponse:
    context = {
        "date": record.moved_at(moves, State.REMOVED),
        "reasons": record.reasons_for(moves, State.REMOVED),
        "signatures": petition.progress.signatures,
    }
    return render(request, "petitions/removed.html", context, status=410)


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{path}"
