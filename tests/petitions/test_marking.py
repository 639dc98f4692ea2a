"""Marking in a title what was searched for."""

import pytest

from petitions.marking import folded_words, mark


@pytest.mark.parametrize(
    ("typed", "title", "marked"),
    [
        ("bridge", "Two Bridges", "Two <mark>Bridges</mark>"),
        ("bridges", "A bridge", "A <mark>bridge</mark>"),
        ("strasse", "Die Straße", "Die <mark>Straße</mark>"),
        ("Bäume", "baume", "<mark>baume</mark>"),
        ("path -river", "river path", "river <mark>path</mark>"),
        ("a or b", "A plan or B", "<mark>A</mark> plan or <mark>B</mark>"),
        ("شارع", "في شارع الطاحونة", "في <mark>شارع</mark> الطاحونة"),
    ],
)
def test_it_marks_words_whatever_their_accents_and_endings(typed, title, marked):
    assert mark(title, folded_words(typed)) == marked


def test_it_escapes_everything_else():
    assert mark('<b>path</b> & "x"', {"path"}) == "&lt;b&gt;<mark>path</mark>&lt;/b&gt; &amp; &quot;x&quot;"


@pytest.mark.parametrize("typed", ["", "zebra", "an", "-path", "<>&"])
def test_it_marks_nothing_in_other_titles(typed):
    """They are escaped all the same: no title is safe in one list and not in another."""
    assert mark("A <path> and nothing", folded_words(typed)) == "A &lt;path&gt; and nothing"
