"""Whole numbers as people write them."""

import pytest

from petitions.importing.numbers import whole_number


@pytest.mark.parametrize(
    "text",
    ["1234567", "1,234,567", "1.234.567", "1 234 567", "1'234'567", "1’234’567", "12,34,567", "1٬234٬567"],
)
def test_it_reads_every_way_of_grouping(text):
    assert whole_number(text) == 1_234_567


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("1", 1), ("007", 7), ("100 ", 100), ("٣٠", 30)])
def test_it_reads_plain_digits(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "ten", "-5", "1.5", "12,34", "1,234.567", "1,23", "1.2K", ",100", "1" * 19, "²"]
)
def test_it_refuses_what_is_no_whole_number(text):
    assert whole_number(text) is None
