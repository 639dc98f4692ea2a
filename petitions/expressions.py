"""What the database alone can compute about a petition: its next goal, a fair lot, words that match."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Case, CharField, F, Func, IntegerField, Value, When
from django.db.models.functions import Coalesce, Lower

from petitions.goals import LADDER, STEP_ABOVE

_LADDER_SQL = f"ARRAY[{', '.join(map(str, LADDER))}]"
_TOP = LADDER[-1]


class Lot(Func):
    """A lot drawn for each row and day: it orders equals, so that none of them stands first for good."""

    template = "md5(%(expressions)s::text || current_date::text)"
    output_field = CharField()


class _RungAbove(Func):
    """The first rung of the ladder strictly above a count, or NULL above its top."""

    template = f"({_LADDER_SQL})[width_bucket(%(expressions)s, {_LADDER_SQL}) + 1]"
    output_field = IntegerField()


def next_goal(signatures: str, first_goal: str) -> Case:
    """Return what `goals.goal_for` returns, computed by the database from these two columns."""
    steps = (F(signatures) - Value(_TOP)) / Value(STEP_ABOVE) + Value(1)
    above_the_top = Value(_TOP) + steps * Value(STEP_ABOVE)
    return Case(
        When(**{f"{signatures}__lt": F(first_goal)}, then=F(first_goal)),
        default=Coalesce(_RungAbove(F(signatures)), above_the_top),
        output_field=IntegerField(),
    )


class Words(SearchQuery):
    """What a reader typed, stemmed by every installed language and by none (migration 0002)."""

    def __init__(self, words: str, **extra: Any) -> None:
        super().__init__(words, **extra)
        self.function = "hundred_query"


def own_words(words: str) -> SearchQuery:
    """Return what a reader typed, stemmed by the language of the petition it is compared with."""
    own = Func(F("language"), function="hundred_search", output_field=CharField())
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
