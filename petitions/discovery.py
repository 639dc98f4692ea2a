"""Finding petitions: by words in title and text, by topic, newest, most signed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.contrib.postgres.search import SearchRank
from django.db import connection
from django.db.models import F, FloatField, QuerySet, Value
from django.db.models.functions import Cast, Ln

from petitions import census
from petitions.census import Counts
from petitions.expressions import Lot, Words
from petitions.models import Petition, SearchEntry, Tally, Topic
from petitions.querysets import PetitionQuerySet, SearchEntryQuerySet
from petitions.states import PUBLIC, State

Sort = Literal["best", "new", "signed"]
# A query for keys in their order.
Keys = QuerySet[Any, Any]
# Fewer hits than this, and titles that look alike are offered as well.
FEW_HITS = 5
# Ranking reads the vectors of so many matches at most: the most signed, and those that say it in the title.
RANKED_MOST_SIGNED, RANKED_TITLES = 500, 100
# Of more matches a page full is met soon in any order, of still more as many as are ranked; fewer are collected first.
MET_SOON, MET_VERY_SOON = 1_500, 20_000
# What was counted a moment ago may be more by now, but not by so many; none of them may be left out by chance.
PUBLISHED_SINCE = 3_000

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

# The trigger does it, as for whatever else an entry copies.
_KEEP_UP = """
WITH behind AS (
    SELECT e.petition_id
      FROM petitions_searchentry e JOIN petitions_tally t USING (petition_id)
     WHERE e.petition_id = ANY(%s) AND abs(t.signatures - e.signatures) * 10 > e.signatures
       FOR UPDATE OF e SKIP LOCKED
)
UPDATE petitions_searchentry e SET title = e.title FROM behind WHERE e.petition_id = behind.petition_id
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


def keep_up(petitions: Sequence[int]) -> None:
    """Bring up to date about how many have signed, where that has moved by more than a tenth.

    To be called outside of a transaction; an entry that somebody writes at this moment learns it by that.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_UP, [list(petitions)])


@dataclass(frozen=True)
class Search:
    """What a reader looks for; empty values mean no limit."""

    words: str = ""
    topics: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    sort: Sort = "new"


@dataclass(frozen=True)
class Found:
    """The answer to a search: an ordered query for keys that has not run yet, the counts, and all topics in their order."""

    keys: Keys
    counts: Counts
    total: int
    topics: list[Topic]

    @property
    def is_scant(self) -> bool:
        """Whether the words alone find so little that a slip of the pen is likely."""
        return self.counts.total() < FEW_HITS


def find(search: Search) -> Found:
    """Find public petitions; topics and counts take a statement each, and reading a page of cards two."""
    topics = list(Topic.objects.in_order())
    counts = _counts(search.words, topics)
    total = counts.total(search.topics, search.states)
    wanted = _Wanted(search.words, _named(search, topics), search.states, total)
    return Found(_hits(wanted, search.sort), counts, total, topics)


@dataclass(frozen=True)
class _Wanted:
    """Which words, topics (by key; any where it is None) and states are wanted, and how many petitions that leaves."""

    words: str
    topics: list[int] | None
    states: tuple[str, ...]
    total: int

    @property
    def is_anything(self) -> bool:
        """Whether every public petition is."""
        return not self.words and self.topics is None and not self.states

    @property
    def only_topic(self) -> int | None:
        """The one topic (by key) that is wanted, where no words are."""
        return self.topics[0] if self.topics and len(self.topics) == 1 and not self.words else None

    def met(self) -> PetitionQuerySet:
        """Return these petitions, each found by looking at those that come first in whatever order."""
        public = Petition.objects.public()
        fitting = public.matching(self.words) if self.words else public
        return fitting.about(self.topics).standing(self.states)

    def entries(self) -> SearchEntryQuerySet:
        """Return the entries of these petitions."""
        return SearchEntry.objects.public().matching(self.words).about(self.topics).standing(self.states)

    def keys(self) -> Keys:
        """Return their keys, which are about so many: by that the planner knows it, and finds them first."""
        if self.words:
            return self.entries().values("petition")[: self.total]
        return self.met().values("pk")[: self.total + PUBLISHED_SINCE]


def _hits(wanted: _Wanted, sort: Sort) -> Keys:
    if sort == "best" and wanted.words:
        return _best_first(wanted)
    return _most_signed(wanted) if sort == "signed" else _newest(wanted)


def _newest(wanted: _Wanted) -> Keys:
    is_few = wanted.words and wanted.total <= MET_SOON
    found = Petition.objects.filter(pk__in=wanted.keys()) if is_few else wanted.met()
    return found.newest().values_list("pk", flat=True)


def _most_signed(wanted: _Wanted) -> Keys:
    """Order by signatures: a topic has an index for it, and what else is narrowed to not too many is collected first.

    Nearly all may have as many signatures: who looks for a few of them in that order would look at all.
    """
    if (topic := wanted.only_topic) is not None:
        tallies = Tally.objects.public().about(topic).standing(wanted.states)
    elif wanted.is_anything or wanted.total > MET_VERY_SOON:
        return wanted.met().most_signed().values_list("pk", flat=True)
    else:
        tallies = Tally.objects.filter(pk__in=wanted.keys())
    return tallies.most_signed().values_list("pk", flat=True)


def _best_first(wanted: _Wanted) -> Keys:
    """Order the candidates by how well the words fit and, gently, by about how many have signed."""
    # Without the cast it is reckoned to sixteen digits, which takes longer than all else about a rank.
    signatures = Cast("signatures", FloatField())
    fit = SearchRank(F("vector"), Words(wanted.words))
    rank = fit * (Value(1.0) + Value(0.1) * Ln(signatures + Value(1.0)))
    candidates = SearchEntry.objects.filter(pk__in=_candidates(wanted)).alias(rank=rank)
    return candidates.order_by("-rank", Lot("pk")).values_list("pk", flat=True)


def _candidates(wanted: _Wanted) -> Keys:
    """Return the keys of what is compared: all, or of many the most signed and the most signed that say it in the title."""
    if wanted.total <= RANKED_MOST_SIGNED:
        return wanted.keys()
    signed = (wanted.met() if wanted.total > MET_VERY_SOON else wanted.entries()).most_signed_keys()
    titled = wanted.entries().headed(wanted.words).most_signed_keys()
    return signed[:RANKED_MOST_SIGNED].union(titled[:RANKED_TITLES])


def _named(search: Search, topics: Iterable[Topic]) -> list[int] | None:
    return [topic.pk for topic in topics if topic.slug in search.topics] if search.topics else None


def _counts(words: str, topics: Iterable[Topic]) -> Counts:
    """Return how many match the words; without words all match, and what was counted a moment ago is as good."""
    if not words:
        return Counts.of((group[:3] for group in census.read()), topics)
    return Counts.of(SearchEntry.objects.public().matching(words).count_by_topic_and_state(), topics)
