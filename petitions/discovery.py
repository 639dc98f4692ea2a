"""Finding petitions: by words in title and text, by topic, newest, most signed."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.db import connection

from petitions.models import Petition, SearchEntry
from petitions.querysets import PetitionQuerySet
from petitions.states import PUBLIC, State

Sort = Literal["best", "new", "signed"]
# Fewer hits than this, and titles that look alike are offered as well.
FEW_HITS = 5
SIMILAR_SHOWN = 5

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
    """The answer to a search: an ordered query that has not run yet, and the exact counts."""

    petitions: PetitionQuerySet
    counts: Counts
    total: int

    @property
    def is_scant(self) -> bool:
        """Whether the words alone find so little that a slip of the pen is likely."""
        return self.counts.total() < FEW_HITS


def find(search: Search) -> Found:
    """Find public petitions; the counts take one statement, and so will reading any page of the result."""
    matches = Petition.objects.public().matching(search.words)
    counts = Counts(_counted(matches))
    chosen = matches.about(search.topics).standing(search.states)
    return Found(_ordered(chosen, search), counts, counts.total(search.topics, search.states))


def similar(words: str, *, without: Collection[int]) -> list[Petition]:
    """Return public petitions with a title that looks like the words, for readers who mistyped."""
    alike = Petition.objects.public().titled_like(words).exclude(pk__in=without)
    return list(alike.for_lists()[:SIMILAR_SHOWN])


def _counted(matches: PetitionQuerySet) -> Counter[tuple[str, str]]:
    return Counter(
        {(topic or "", state): count for topic, state, count in matches.count_by_topic_and_state()}
    )


def _ordered(chosen: PetitionQuerySet, search: Search) -> PetitionQuerySet:
    rows = chosen.for_lists()
    if search.sort == "best" and search.words:
        return rows.best_first(search.words)
    return rows.most_signed() if search.sort == "signed" else rows.newest()
