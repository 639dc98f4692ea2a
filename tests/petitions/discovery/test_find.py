"""Finding petitions by words."""

import pytest

from petitions import discovery
from petitions.discovery import Search
from petitions.models import Petition, Tally


def found(words, **more):
    keys = discovery.find(Search(words, sort="best", **more)).keys
    return [Petition.objects.get(pk=key).title for key in keys]


@pytest.mark.parametrize("words", ["baume strasse", "Bäume Straße", "BAUME", "bäume", "straße"])
def test_it_ignores_accents_and_capitals(make_petition, words):
    make_petition(title="Mehr Bäume an der Straße", language="de")
    assert found(words) == ["Mehr Bäume an der Straße"]


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("en", "Light the river paths", "lighting path"),
        ("de", "Neue Spielplätze für den Park", "spielplatz"),
        ("fr", "Des pistes cyclables pour tous", "piste cyclable"),
        ("pl", "Więcej drzew w parku", "wiecej drzew"),
        ("ar", "ضعوا إشارة ضوئية", "إشارة"),
    ],
)
def test_it_knows_the_forms_of_a_word_in_the_petition_s_language(make_petition, language, title, words):
    make_petition(title=title, language=language)
    assert found(words) == [title]


def test_it_looks_at_ask_text_and_addressee(make_petition):
    make_petition(
        ask="Ring the carillon.", body="It is about a *belfry*.", decision_maker="Chapter of Saint Vitus"
    )
    for words in ("carillon", "belfry", "vitus"):
        assert len(found(words)) == 1


def test_it_wants_all_words_but_those_ruled_out(make_petition):
    make_petition(title="Light the river path", body="By night.")
    make_petition(title="Light the canal path", body="By night.")
    assert found("light path canal") == ["Light the canal path"]
    assert found("light path -canal") == ["Light the river path"]
    assert found('"river path"') == ["Light the river path"]


def test_it_prefers_the_title_to_the_text(make_petition):
    make_petition(title="Something else", body="The belfry is mentioned here.")
    make_petition(title="Repair the belfry")
    assert found("belfry") == ["Repair the belfry", "Something else"]


def test_it_prefers_gently_what_many_have_signed(make_petition):
    few, many = make_petition(title="Repair the belfry"), make_petition(title="Repair the belfry")
    Tally.objects.filter(petition=many).update(signatures=1000)
    assert list(discovery.find(Search("belfry", sort="best")).keys) == [many.pk, few.pk]


def test_it_keeps_a_title_in_reach_that_few_have_signed(make_petition, monkeypatch):
    monkeypatch.setattr("petitions.discovery.RANKED_MOST_SIGNED", 1)
    popular = make_petition(title="Something else", body="The belfry is mentioned here.")
    Tally.objects.filter(petition=popular).update(signatures=1000)
    make_petition(title="Repair the belfry")
    assert set(found("belfry")) == {"Repair the belfry", "Something else"}


def test_its_counts_are_those_of_the_words(make_petition):
    make_petition(title="Repair the belfry")
    make_petition(title="Something else")
    result = discovery.find(Search("belfry"))
    assert (result.total, result.counts.total(["parks"]), result.counts.total(["schools"])) == (1, 1, 0)


@pytest.mark.parametrize("words", ["libary", "libraary", "LIBRÁRY sunday"])
def test_similar_forgives_a_slip_of_the_pen(make_petition, words):
    petition = make_petition(title="Open the library on Sundays")
    assert discovery.similar(words, without=[]) == [petition.pk]
    assert discovery.similar(words, without=[petition.pk]) == []


def test_similar_knows_where_to_stop(make_petition):
    make_petition(title="Open the library on Sundays")
    assert discovery.similar("zeppelin", without=[]) == []
