"""Exports stay text in every spreadsheet, whatever people typed and however the reader splits it."""

import csv
import re
from datetime import UTC, date, datetime
from io import StringIO
from itertools import product

import pytest

from lib import spreadsheet

STARTS = "=+-@\t\r\n＝＋－＠\u2212﹢﹣﹦﹫"
FORMULA = re.compile(r"[\s\"]*[=+\-@\u2212＝＋－＠﹢﹣﹦﹫]")


@pytest.mark.parametrize("start", STARTS)
def test_it_puts_an_apostrophe_before_what_would_be_calculated(start: str):
    assert spreadsheet.inert(f"{start}1+1").startswith("'")


@pytest.mark.parametrize("before", [" ", "\u00a0", "\u200b", '"', "  \ufeff"])
def test_it_sees_a_formula_behind_what_readers_skip(before: str):
    assert spreadsheet.inert(f"{before}=1+1") == f"'{before}=1+1"


@pytest.mark.parametrize(
    "text", ["Carol", "a+b", "c@example.org", "1 - 1 = 0", "日本", "", "x=1", "a\n\nb", "a; b"]
)
def test_it_leaves_words_alone(text: str):
    assert spreadsheet.inert(text) == text


def test_the_short_way_leads_to_the_same():
    pieces = ["", "a", "ß", "1", "_", "=", "-", "＝", "@", ";", "\t", "\n", " ", '"', "\u200b", "\x00"]
    for text in map("".join, product(pieces, repeat=3)):
        whole = text.replace("\x00", "")
        assert spreadsheet.inert(text) == spreadsheet._FORMULA.sub("'", whole)


def test_it_keeps_numbers_and_dates_what_they_are():
    assert [spreadsheet.inert(value) for value in (-5, 0, 1.5, None, date(2026, 11, 2))] == [
        "-5",
        "0",
        "1.5",
        "",
        "2026-11-02",
    ]
    assert spreadsheet.inert(datetime(2026, 11, 2, 3, 4, tzinfo=UTC)) == "2026-11-02T03:04:00+00:00"
    assert spreadsheet.inert("a\x00b") == "ab"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "typed", ["a;=1+1", 'a";=1+1', "a\n=1+1", "a\r\n@x", "a\t-1", '";+1', '""\n"=1', "a; =1"]
)
def test_no_reader_finds_a_formula_inside_a_cell(typed: str, separator: str):
    text = b"".join(spreadsheet.rows(["name", "reason"], [[typed, "x"], ["y", typed]])).decode("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(text, newline=""), delimiter=separator) for cell in row]
    assert not [cell for cell in cells if FORMULA.match(cell)]


def test_it_writes_what_rfc_4180_reads_back():
    table = [["Carol “C” Singer", 'said "yes", twice\nand again'], ["Zoë", "ñ, 日本"]]
    text = b"".join(spreadsheet.rows(["name", "reason"], table))
    assert text.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in text
    assert list(csv.reader(StringIO(text.decode("utf-8-sig"), newline=""))) == [["name", "reason"], *table]


def test_it_hands_over_pieces_and_reads_only_what_they_need():
    read = 0

    def people():
        nonlocal read
        for read in range(1, 100_001):
            yield [read, "Somebody"]

    pieces = spreadsheet.rows(["number", "name"], people())
    assert len(next(pieces)) < 2 * spreadsheet.CHUNK
    assert read < 4_000
    assert sum(piece.count(b"\r\n") for piece in pieces) > 90_000
