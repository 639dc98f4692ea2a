"""Finding petitions by words."""

import pytest

from petitions import discovery
from petitions.discovery import Search
from petitions.models import Petition, SearchEntry, Tally


def signed_by(number, petition):
    """Let so many have signed, and the search know of it."""
    Tally.objects.filter(petition=petition).update(signatures=number)
    discovery.keep_up([petition.pk])


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
    signed_by(1000, many)
    assert list(discovery.find(Search("belfry", sort="best")).keys) == [many.pk, few.pk]


def test_it_keeps_a_title_in_reach_that_few_have_signed(make_petition, monkeypatch):
    monkeypatch.setattr("petitions.discovery.RANKED_MOST_SIGNED", 1)
    popular = make_petition(title="Something else", body="The belfry is mentioned here.")
    signed_by(1000, popular)
    make_petition(title="Repair the belfry")
    assert set(found("belfry")) == {"Repair the belfry", "Something else"}


def test_its_counts_are_those_of_the_words(make_petition):
    make_petition(title="Repair the belfry")
    make_petition(title="Something else")
    result = discovery.find(Search("belfry"))
    assert (result.total, result.counts.total(["parks"]), result.counts.total(["schools"])) == (1, 1, 0)


@pytest.mark.parametrize(
    ("before", "now", "known"),
    [(0, 1, 1), (10, 11, 10), (10, 12, 12), (1_000, 899, 899), (1_000, 1_100, 1_000)],
)
def test_it_is_told_of_signatures_when_they_have_moved_by_a_tenth(make_petition, before, now, known):
    petition = make_petition()
    signed_by(before, petition)
    signed_by(now, petition)
    assert SearchEntry.objects.get().signatures == known


def test_an_entry_that_comes_back_knows_how_many_have_signed(make_petition):
    petition = make_petition()
    SearchEntry.objects.all().delete()
    Tally.objects.update(signatures=7)
    discovery.index(petition)
    assert SearchEntry.objects.get().signatures == 7
