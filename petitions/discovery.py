"""Finding petitions: by words in title and text, by topic, newest, most signed."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.contrib.postgres.search import SearchRank
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Ln

from petitions.expressions import Lot, Words
from petitions.models import Petition, SearchEntry, Tally, Topic
from petitions.querysets import PetitionQuerySet, SearchEntryQuerySet
from petitions.states import PUBLIC, State

Sort = Literal["best", "new", "signed"]
# Fewer hits than this, and titles that look alike are offered as well.
FEW_HITS = 5
SIMILAR_SHOWN = 5
# Ranking reads the vectors of so many matches at most: the most signed, and those that say it in the title.
RANKED_MOST_SIGNED, RANKED_TITLES = 500, 100
# Of more matches a page full is met soon in any order, of still more as many as are ranked; fewer are collected first.
MET_SOON, MET_VERY_SOON = 1_500, 20_000

# Rejected ones have an entry for moderators, who compare new petitions with them; readers search the public ones.
INDEXED = (*PUBLIC, State.REJECTED)
# A vector holds a megabyte, an imported text may be longer than that takes: its beginning is found.
# Title and ask weigh A, body and decision maker B; the configuration is that of the petition's language.
_INDEX = """
INSERT INTO petitions_searchentry (petition_id, vector, title)
SELECT p.id,
       setweight(to_tsvector(hundred_search(p.language), v.title || ' ' || v.ask), 'A')
       || setweight(to_tsvector(hundred_search(p.language), left(v.body, 100000) || ' ' || coalesce(m.name, '')), 'B'),
       lower(hundred_unaccent(v.title))
  FROM petitions_petition p
  JOIN petitions_version v ON v.id = p.version_id
  LEFT JOIN petitions_decisionmaker m ON m.id = v.decision_maker_id
 WHERE p.id = ANY(%s)
ON CONFLICT (petition_id) DO UPDATE SET vector = EXCLUDED.vector, title = EXCLUDED.title
"""


def index(petition: Petition) -> None:
    """Keep the entry of its present words, or none while it is neither public nor rejected."""
    if petition.state not in INDEXED:
        SearchEntry.objects.filter(petition=petition).delete()
        return
    index_new([petition.pk])


def index_new(petitions: Sequence[int]) -> None:
    """Keep the entries of these petitions' words with one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEX, [list(petitions)])


@dataclass(frozen=True)
class Search:
    """What a reader looks for; empty values mean no limit."""

    words: str = ""
    topics: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    sort: Sort = "new"


@dataclass(frozen=True)
class Counts:
    """How many match the words, by topic and state; every total is exact."""

    groups: Counter[tuple[str, str]] = field(default_factory=Counter)

    def total(self, topics: Collection[str] = (), states: Collection[str] = ()) -> int:
        """Return how many there are of these topics in these states; an empty list means any."""
        return sum(
            count
            for (topic, state), count in self.groups.items()
            if (not topics or topic in topics) and (not states or state in states)
        )


@dataclass(frozen=True)
class Found:
    """The answer to a search: an ordered query that has not run yet, the exact counts, and all topics in their order."""

    petitions: PetitionQuerySet
    counts: Counts
    total: int
    topics: list[Topic]

    @property
    def is_scant(self) -> bool:
        """Whether the words alone find so little that a slip of the pen is likely."""
        return self.counts.total() < FEW_HITS


def find(search: Search) -> Found:
    """Find public petitions; topics and counts take a statement each, and reading a page of the result two."""
    topics = list(Topic.objects.in_order())
    public = (
        SearchEntry.objects.public().matching(search.words) if search.words else Petition.objects.public()
    )
    counts = _counts(public.count_by_topic_and_state(), topics)
    total = counts.total(search.topics, search.states)
    limits = _Limits(_named(search, topics), search.states, total)
    return Found(_hits(search, limits), counts, total, topics)


def similar(words: str, *, without: Collection[int]) -> list[Petition]:
    """Return public petitions with a title that looks like the words, for readers who mistyped."""
    alike = Petition.objects.public().titled_like(words).exclude(pk__in=without)
    return list(alike.for_lists()[:SIMILAR_SHOWN])


@dataclass(frozen=True)
class _Limits:
    """Which topics (by key; any where it is None) and states are wanted, and how many petitions that leaves."""

    topics: list[int] | None
    states: tuple[str, ...]
    total: int

    def met(self, words: str) -> PetitionQuerySet:
        """Return these petitions, each found by looking at those that come first in whatever order."""
        public = Petition.objects.public()
        fitting = public.matching(words) if words else public
        return fitting.about(self.topics).standing(self.states)

    def entries(self, words: str) -> SearchEntryQuerySet:
        """Return the entries of these petitions."""
        return SearchEntry.objects.public().matching(words).about(self.topics).standing(self.states)

    def keys(self, words: str) -> QuerySet[Any, Any]:
        """Return their keys, which are so many: by that the planner knows it, and finds them first."""
        keys = self.entries(words).values("petition") if words else self.met("").values("pk")
        return keys[: self.total]

    def are_collected(self, words: str, sort: Sort) -> bool:
        """Whether it is quicker to find all of them first, and then to order them.

        Nearly all may have as many signatures: who looks for a few of them in that order would look at all.
        """
        if sort == "signed" and (self.topics is not None or self.states or words):
            return self.total <= MET_VERY_SOON
        return bool(words) and self.total <= MET_SOON


def _hits(search: Search, limits: _Limits) -> PetitionQuerySet:
    if search.sort == "best" and search.words:
        return _best_first(search.words, limits)
    if limits.are_collected(search.words, search.sort):
        return _ordered(Petition.objects.filter(pk__in=limits.keys(search.words)), search.sort)
    return _ordered(limits.met(search.words), search.sort)


def _best_first(words: str, limits: _Limits) -> PetitionQuerySet:
    """Order the candidates by how well the words fit and, gently, by signatures."""
    fit = SearchRank(F("search_entry__vector"), Words(words))
    rank = fit * (Value(1.0) + Value(0.1) * Ln(F("tally__signatures") + Value(1.0)))
    candidates = Petition.objects.filter(pk__in=_candidates(words, limits))
    return candidates.alias(rank=rank).order_by("-rank", Lot("pk"))


def _candidates(words: str, limits: _Limits) -> QuerySet[Any, Any]:
    """Return the keys of what is compared: all, or of many the most signed and some that say it in the title."""
    keys = limits.keys(words)
    if limits.total <= RANKED_MOST_SIGNED:
        return keys
    signed: QuerySet[Any, Any]
    if limits.total > MET_VERY_SOON:
        signed = limits.met(words).most_signed_keys()
    else:
        signed = Tally.objects.filter(pk__in=keys).order_by("-signatures", "-petition").values("pk")
    titled = limits.entries(words).headed(words).values("petition")[:RANKED_TITLES]
    return signed[:RANKED_MOST_SIGNED].union(titled)


def _named(search: Search, topics: Iterable[Topic]) -> list[int] | None:
    return [topic.pk for topic in topics if topic.slug in search.topics] if search.topics else None


def _counts(groups: Iterable[tuple[int | None, str, int]], topics: Iterable[Topic]) -> Counts:
    slugs: dict[int | None, str] = {topic.pk: topic.slug for topic in topics}
    return Counts(Counter({(slugs.get(topic, ""), state): number for topic, state, number in groups}))


def _ordered(chosen: PetitionQuerySet, sort: Sort) -> PetitionQuerySet:
    return chosen.most_signed() if sort == "signed" else chosen.newest()
