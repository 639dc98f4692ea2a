"""What the address of the browse page asks for, and the addresses next to it. Nothing in an address is an error."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast, get_args

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lib.text import clean_line
from petitions.census import Counts
from petitions.discovery import Found, Search, Sort
from petitions.models import Topic
from petitions.states import State

# All that the browse page reads of its address.
PARAMETERS = ("q", "topic", "sort", "state", "page")
LONGEST_WORDS = 200
# As long as the address part of a topic can be.
LONGEST_TOPIC = 60
MOST_FILTERS = 20
PAGE_SIZE = 20
# Further than this nobody reads; topics, states and words lead to the rest.
MOST_PAGES = 25
# How an address calls the states; `open` is what people call the published.
STATES = {"open": State.PUBLISHED, "victory": State.VICTORY, "closed": State.CLOSED}
_KNOWN = {**STATES, "published": State.PUBLISHED}


class CountedPaginator(Paginator[int]):
    """Pages of keys, of a query whose length is known already."""

    def __init__(self, found: Found) -> None:
        super().__init__(found.keys, PAGE_SIZE)
        self.known = min(found.total, PAGE_SIZE * MOST_PAGES)

    @property
    def count(self) -> int:
        """Return how many can be turned to; no query is needed for it."""
        return self.known


@dataclass(frozen=True)
class Option:
    """One topic or state that results can be narrowed to."""

    value: str
    label: str
    count: int
    is_on: bool
    without: str


@dataclass(frozen=True)
class Facets:
    """What results can be narrowed by; each count tells what choosing the option alone would show."""

    topics: list[Option]
    states: list[Option]

    @property
    def on(self) -> list[Option]:
        """Those that are chosen."""
        return [option for option in (*self.topics, *self.states) if option.is_on]


def parse(query: QueryDict) -> Search:
    """Return the search that an address asks for; what makes no sense in it is left out."""
    # Cut before it is cleaned: an address may be of any length.
    words = clean_line(query.get("q", "")[: 2 * LONGEST_WORDS])[:LONGEST_WORDS]
    states = (str(_KNOWN[state]) for state in query.getlist("state") if state in _KNOWN)
    topics = (topic for topic in map(clean_line, query.getlist("topic")) if 0 < len(topic) <= LONGEST_TOPIC)
    return Search(words, _unique(topics), _unique(states), _sort(query.get("sort", ""), words))


def page_of(found: Found, number: str) -> Page[int]:
    """Return the page of this number: the last one for a number too high, the first for what is no number."""
    # Nine digits are enough for any page, and few enough for int().
    wanted = int(number[:9]) if number.isdecimal() else 1
    return CountedPaginator(found).get_page(max(wanted, 1))


def prefix(search: Search) -> str:
    """Return the search as the beginning of an address, ready for `page=`."""
    query = _address(search)
    return f"{query}&" if query else ""


def facets(search: Search, counts: Counts, topics: Iterable[Topic]) -> Facets:
    """Return the topics that have something to show and every state, with their counts."""
    offered = [_topic_option(search, counts, topic) for topic in topics]
    return Facets(
        topics=[option for option in offered if option.count or option.is_on],
        states=[_state_option(search, counts, name, state) for name, state in STATES.items()],
    )


def everywhere(search: Search) -> str:
    """Return the address of the same words without any filter."""
    return f"?{_address(Search(search.words, sort=search.sort))}"


def _topic_option(search: Search, counts: Counts, topic: Topic) -> Option:
    others = tuple(each for each in search.topics if each != topic.slug)
    return Option(
        value=topic.slug,
        label=topic.name,
        count=counts.total([topic.slug], search.states),
        is_on=topic.slug in search.topics,
        without=f"?{_address(replace(search, topics=others))}",
    )


def _state_option(search: Search, counts: Counts, name: str, state: State) -> Option:
    others = tuple(each for each in search.states if each != state)
    return Option(
        value=name,
        label=str(_("Open for signing") if state == State.PUBLISHED else state.label),
        count=counts.total(search.topics, [state]),
        is_on=state in search.states,
        without=f"?{_address(replace(search, states=others))}",
    )


def _address(search: Search) -> str:
    query = QueryDict(mutable=True)
    if search.words:
        query["q"] = search.words
    query.setlist("topic", list(search.topics))
    query.setlist("state", [name for name, state in STATES.items() if state in search.states])
    if search.sort != _default_sort(search.words):
        query["sort"] = search.sort
    return query.urlencode()


def _sort(asked: str, words: str) -> Sort:
    known = asked in get_args(Sort) and (words or asked != "best")
    return cast(Sort, asked) if known else _default_sort(words)


def _default_sort(words: str) -> Sort:
    return "best" if words else "new"


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))[:MOST_FILTERS]
