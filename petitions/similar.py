"""Petitions that may ask for the same: titles that look alike, and words in common; published, ended or rejected."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from petitions import discovery
from petitions.models import Petition, Version
from petitions.states import State

SHOWN = 8
# Long words are rare words: three of so many of the longest must be there for a petition to be looked at.
TELLING_WORDS, TOLD_BY = 6, 3
# From here on titles are called alike (pg_trgm's measure); lower, and the index would name thousands.
ALIKE = 0.5
# A third of the words that ask; fewer are there by chance.
SHARE_OF_WORDS = 0.34
# Any two titles share some letters; below so many percent that says nothing.
WORTH_SAYING = 30

# What title and ask say, stemmed by their language as the search entries are, without stop words.
WORDS = """
SELECT lexeme, min(lower(d.token)) AS word
  FROM set_config('pg_trgm.similarity_threshold', %(alike)s, true), ts_debug(hundred_search(%(language)s), %(words)s) d, unnest(d.lexemes) lexeme
 GROUP BY lexeme
 ORDER BY length(lexeme) DESC, lexeme
 LIMIT 40
"""
# Both halves read an index; of each only so many are compared in full.
CANDIDATES = """
WITH titled AS MATERIALIZED (
    SELECT e.petition_id
      FROM petitions_searchentry e
     WHERE e.title %% lower(hundred_unaccent(%(title)s))
     LIMIT 200
), worded AS MATERIALIZED (
    SELECT e.petition_id
      FROM petitions_searchentry e
     WHERE e.vector @@ %(query)s::tsquery
     LIMIT 200
), measured AS MATERIALIZED (
    SELECT e.petition_id,
           similarity(e.title, lower(hundred_unaccent(%(title)s))) AS alike,
           ARRAY(SELECT unnest(%(lexemes)s::text[]) INTERSECT SELECT unnest(tsvector_to_array(e.vector))) AS common
      FROM (SELECT petition_id FROM titled UNION SELECT petition_id FROM worded) found
      JOIN petitions_searchentry e USING (petition_id)
     WHERE e.petition_id <> %(petition)s
)
SELECT p.id, p.state, p.language, v.title, t.signatures, m.alike, m.common
  FROM measured m
  JOIN petitions_petition p ON p.id = m.petition_id
  JOIN petitions_version v ON v.id = p.version_id
  JOIN petitions_tally t ON t.petition_id = p.id
 WHERE p.state = ANY(%(states)s)
   AND (m.alike >= %(alike)s OR (cardinality(m.common) > 1 AND cardinality(m.common) >= %(enough)s))
 ORDER BY m.alike + cardinality(m.common) / greatest(cardinality(%(lexemes)s::text[]), 1)::real DESC, p.id DESC
 LIMIT %(shown)s
"""


@dataclass(frozen=True)
class Similar:
    """A petition that may ask for the same, and why it is thought so."""

    pk: int
    title: str
    state: State
    language: str
    signatures: int
    alike: int
    words: tuple[str, ...]

    @property
    def why(self) -> str:
        """How much the titles are alike, and which words are in both."""
        reasons = (
            [_("title %(percent)s alike") % {"percent": f"{self.alike} %"}]
            if self.alike >= WORTH_SAYING
            else []
        )
        if self.words:
            reasons.append(_("words in both: %(words)s") % {"words": ", ".join(self.words)})
        return "; ".join(reasons)


def similar_to(petition: Petition, version: Version) -> list[Similar]:
    """Return at most eight others, the most alike first, in two statements; drafts and removed ones never."""
    with transaction.atomic(), connection.cursor() as cursor:
        said = {"language": petition.language, "words": f"{version.title} {version.ask}", "alike": str(ALIKE)}
        cursor.execute(WORDS, said)
        words = dict(cursor.fetchall())
        cursor.execute(CANDIDATES, parameters(petition, version, list(words)))
        return [_similar(row, words) for row in cursor.fetchall()]


def parameters(petition: Petition, version: Version, lexemes: Sequence[str]) -> dict[str, Any]:
    """Return what the search for candidates is told; the lexemes are ordered, the longest first."""
    return {
        "petition": petition.pk,
        "title": version.title,
        "lexemes": list(lexemes),
        "query": _any_few(lexemes[:TELLING_WORDS]),
        "states": list(discovery.INDEXED),
        "enough": len(lexemes) * SHARE_OF_WORDS,
        "alike": ALIKE,
        "shown": SHOWN,
    }


def _any_few(lexemes: Sequence[str]) -> str:
    """Return the query for any three of these; for two, or one, where there are not five."""
    quoted = ["'" + each.replace("\\", "\\\\").replace("'", "''") + "'" for each in lexemes]
    together = min(len(quoted), TOLD_BY if len(quoted) >= TELLING_WORDS - 1 else TOLD_BY - 1)
    return " | ".join(f"({' & '.join(few)})" for few in combinations(quoted, together)) if quoted else ""


def _similar(row: Sequence[Any], words: dict[str, str]) -> Similar:
    pk, state, language, title, signatures, alike, common = row
    # In the order of the words that were asked for, so that a page is the same twice.
    shared = tuple(word for lexeme, word in words.items() if lexeme in common)
    return Similar(pk, title, State(state), language, signatures, round(alike * 100), shared)
