"""What a reader may have meant: petitions whose titles have words that look like the typed ones.

Each typed word is compared with the words of all titles (`TitleWord`), some ten thousand, and not with the titles, which
are many more and each many words long; what is found is looked up as in any search.
"""

from collections.abc import Collection
from typing import Any

from django.db import connection

from petitions.expressions import Lot
from petitions.marking import without_ruled_out
from petitions.states import PUBLIC

SHOWN = 5
# Of a long question the longest words are looked at, and of each the words that look most like it.
WORDS_LOOKED_AT, LIKE_EACH = 8, 3
# So many titles that have all, and as many that have any of the words, are compared with what was typed.
COMPARED = 100
# Alike is what shares 0.3 of its trigrams with the typed word, pg_trgm's own measure. What is materialized is planned
# for all that it may find, and so read through the index, and yet read no further than the limit.
SIMILAR = f"""
WITH typed AS (
    SELECT word FROM unnest(hundred_title_words(lower(hundred_unaccent(%(words)s)))) word
     ORDER BY length(word) DESC, word LIMIT %(looked_at)s
), near AS (
    SELECT hundred_query(string_agg(format('"%%s"', alike.word), ' or ')) AS query
      FROM typed CROSS JOIN LATERAL (
           SELECT w.word FROM petitions_titleword w
            WHERE w.word %% typed.word ORDER BY w.word <-> typed.word, w.word LIMIT %(like_each)s) alike
     GROUP BY typed.word
), wanted AS MATERIALIZED (
    SELECT string_agg(format('(%%s)', query), ' & ')::tsquery AS every,
           string_agg(format('(%%s)', query), ' | ')::tsquery AS either
      FROM near WHERE numnode(query) > 0
), has_all AS MATERIALIZED (
    SELECT e.petition_id, e.title
      FROM wanted JOIN petitions_searchentry e ON ts_filter(e.vector, '{{a}}') @@ wanted.every
     WHERE e.state = ANY(%(states)s)
), has_any AS MATERIALIZED (
    SELECT e.petition_id, e.title
      FROM wanted JOIN petitions_searchentry e ON ts_filter(e.vector, '{{a}}') @@ wanted.either
     WHERE e.state = ANY(%(states)s)
), compared AS (
    (SELECT * FROM has_all LIMIT %(compared)s) UNION (SELECT * FROM has_any LIMIT %(compared)s)
)
SELECT petition_id FROM compared
 WHERE petition_id <> ALL(%(without)s)
 ORDER BY lower(hundred_unaccent(%(words)s)) <<-> title, {Lot.template % {"expressions": "petition_id"}}
 LIMIT %(shown)s
"""  # noqa: S608 - made of constants


def similar(words: str, *, without: Collection[int]) -> list[int]:
    """Return the keys of public petitions with words like these in their titles, the most alike first."""
    with connection.cursor() as cursor:
        cursor.execute(SIMILAR, parameters(words, without))
        return [row[0] for row in cursor.fetchall()]


def parameters(words: str, without: Collection[int]) -> dict[str, Any]:
    """Return what the statement is told; a word that is ruled out is none that is meant."""
    return {
        "words": without_ruled_out(words),
        "without": list(without),
        "states": list(PUBLIC),
        "looked_at": WORDS_LOOKED_AT,
        "like_each": LIKE_EACH,
        "compared": COMPARED,
        "shown": SHOWN,
    }
