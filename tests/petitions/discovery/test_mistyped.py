"""Finding petitions by words that were mistyped."""

import pytest
from django.db import connection

from petitions import mistyped
from petitions.models import SearchEntry, TitleWord
from petitions.states import State


def similar(words, without=()):
    return mistyped.similar(words, without=without)


@pytest.mark.parametrize(
    "words",
    ["libary", "libraary", "libarry", "LIBRÁRY sunday", "sundy libary", "libary -night", "libary xyzzy"],
)
def test_it_forgives_a_slip_of_the_pen(make_petition, words):
    petition = make_petition(title="Open the library on Sundays")
    assert similar(words) == [petition.pk]
    assert similar(words, [petition.pk]) == []


@pytest.mark.parametrize("words", ["zeppelin", "xyzzy", "", "-libary", "'", '"', "&|!()", "%", "\\"])
def test_it_knows_where_to_stop(make_petition, words):
    make_petition(title="Open the library on Sundays")
    assert similar(words) == []


def test_it_puts_first_what_has_all_of_the_words(make_petition):
    one, both = make_petition(title="Open the school"), make_petition(title="Open the library in the school")
    assert similar("libary scool") == [both.pk, one.pk]


@pytest.mark.parametrize("words", ["straße", "STRASE", "strase baume"])
def test_it_looks_at_words_without_accents(make_petition, words):
    petition = make_petition(title="Mehr Bäume an der Straße", language="de")
    assert similar(words) == [petition.pk]


def test_it_shows_public_ones_alone(make_petition):
    make_petition(State.REJECTED, title="Open the library on Sundays")
    assert TitleWord.objects.filter(word="library").exists()
    assert similar("libary") == []


def test_it_shows_five_at_most_and_asks_once(make_petition, django_assert_num_queries):
    for number in range(6):
        make_petition(title=f"Open library {number}")
    with django_assert_num_queries(1):
        assert len(similar("libary")) == 5


def test_a_corrected_title_teaches_its_words(make_petition):
    entry = SearchEntry.objects.get(petition=make_petition(title="Open the library"))
    entry.title = "open the museum"
    entry.save()
    assert set(TitleWord.objects.values_list("word", flat=True)) >= {"library", "museum", "the"}


def test_it_reads_indexes(make_petition):
    make_petition(title="Open the library on Sundays")
    with connection.cursor() as cursor:
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {mistyped.SIMILAR}", mistyped.parameters("libary", []))
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "title_words_alike" in plan
    assert plan.count("search_headings") == 2
