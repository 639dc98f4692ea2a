"""Identity: what makes two files the same petition."""

import pytest

from petitions.importing.found import Fault, Found, Shape, normalised
from petitions.states import State


def found(title: str = "Open the baths", **fields: str) -> Found:
    return Found(shape=Shape.PAGE, state=State.PUBLISHED, title=title, body="Text", **fields)


@pytest.mark.parametrize(
    "title",
    [
        "Don't close  the BATHS",
        "Don’t close the baths.",
        "“Don’t close the\u00a0baths!”",
        "Ｄon't close the baths\u200b",
    ],
)
def test_quotes_case_and_full_stops_make_no_other_title(title):
    assert normalised(title) == "don t close the baths"


@pytest.mark.parametrize(
    ("one", "other"), [("कि", "की"), ("5 €", "5 $"), ("résumé", "resume"), ("Plan 1", "Plan 2")]
)
def test_letters_marks_and_signs_make_another_title(one, other):
    assert normalised(one) != normalised(other)


def test_the_id_goes_before_the_title():
    assert found(id="baths").key == found("Another title", id="baths").key == "id:baths"
    assert found("baths").key == "title:baths"


def test_a_long_title_keeps_a_key_of_its_own():
    one, other = found("x" * 240), found("x" * 239 + "y")
    assert len(one.key) == len(other.key) == 200
    assert one.key != other.key


def test_a_fault_is_one_line_that_editors_follow():
    assert str(Fault("seeds/one.txt", 3, "is not UTF-8")) == "seeds/one.txt:3: is not UTF-8"
