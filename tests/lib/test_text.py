import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.text import BIDI_CONTROLS, clean_line, clean_text, initials, slug_for


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  two   words \n", "two words"),
        ("a\x00b", "ab"),
        ("a\u202eb", "ab"),
        ("line\r\nbreak", "line break"),
        ("cafe\u0301", "café"),
        ("Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306go", "Z\u0300\u0301\u0302\u0303go"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("Việt Nam", "Việt Nam"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🏫 teaches", "👩\u200d🏫 teaches"),
    ],
)
def test_it_cleans_a_line(typed: str, kept: str):
    assert clean_line(typed) == kept


def test_it_keeps_paragraphs():
    assert clean_text("\ufeffone \r\n\r\ntwo\u2028three\t\n\n") == "one\n\ntwo\nthree"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str):
    once = clean_text(text)
    assert clean_text(once) == once
    assert not BIDI_CONTROLS & set(once)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Keep the path lit!", "keep-the-path-lit-7"),
        ("Straße für alle", "strae-fur-alle-7"),
        ("أنقذوا الحديقة", "petition-7"),
        ("🌳🌳🌳", "petition-7"),
        ("word " * 60, "word-word-word-word-word-word-word-word-word-word-word-word-7"),
    ],
)
def test_it_makes_an_address_that_cannot_collide(title: str, slug: str):
    assert slug_for(title, 7) == slug


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Alice Miller", "AM"), ("Cher", "C"), ("Ana de la Cruz", "AC"), ("", ""), ("🌳", "")],
)
def test_it_draws_initials(name: str, letters: str):
    assert initials(name) == letters
