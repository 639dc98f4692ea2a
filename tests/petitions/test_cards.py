"""A petition as lists show it."""

import pytest

from petitions.cards import first_name, shortened


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Patrick L.", "Patrick"),
        ("Dr. Anna Meyer", "Dr. Anna Meyer"),
        ("أمينة رحيم", "أمينة"),
        ("", ""),
        ("Eva", "Eva"),
    ],
)
def test_it_calls_a_starter_by_the_first_name(name, called):
    assert first_name(name) == called


def test_it_cuts_between_words_where_there_are_any():
    assert shortened("short") == "short"
    assert shortened("word " * 60).endswith("word …")
    assert len(shortened("字" * 300)) < 150
