"""What the database alone can compute about a petition: how near its goal is, a fair lot, words that match."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import BigIntegerField, CharField, F, FloatField, Func, Value
from django.db.models.functions import Lower


class Lot(Func):
    """A lot drawn for each row and day: it orders equals, so that none of them stands first for good."""

    # Less than half the time of an md5 of text, which counts where thousands are equal (docs/decisions/0010).
    template = "hashint8extended(%(expressions)s, current_date - date '2000-01-01')"
    output_field = BigIntegerField()


class GoalShare(Func):
    """How much of the next goal a count is, 0 to 1, by count and first goal; migration 0016 has the ladder."""

    function = "hundred_goal_share"
    output_field = FloatField()


class Words(SearchQuery):
    """What a reader typed, stemmed by every installed language and by none (migrations 0002, 0016)."""

    def __init__(self, words: str, **extra: Any) -> None:
        super().__init__(words, **extra)
        self.function = "hundred_query"


def own_words(words: str, language: str = "language") -> SearchQuery:
    """Return what a reader typed, stemmed by the language that this column names."""
    own = Func(F(language), function="hundred_search", output_field=CharField())
    return SearchQuery(words, config=own, search_type="websearch")


class Headings(Func):
    """The part of a search vector that comes from title and ask."""

    template = "ts_filter(%(expressions)s, '{a}')"
    output_field = SearchVectorField()


def plain(words: str) -> Func:
    """Return the words as `SearchEntry.title` has them: in lower case and without accents."""
    return Lower(Func(Value(words), function="hundred_unaccent", output_field=CharField()))


def plainly(field: str) -> Func:
    """Return a column's words likewise; `plain` words are looked for in it through an index."""
    return Lower(Func(F(field), function="hundred_unaccent", output_field=CharField()))
