"""What has changed, word by word."""

import random
import time

import pytest

from petitions import differences
from petitions.models import DecisionMaker, Version


def texts(pieces: list[differences.Piece]) -> tuple[str, str]:
    old = "".join(text for kind, text in pieces if kind != "added")
    return old, "".join(text for kind, text in pieces if kind != "removed")


def test_it_finds_the_word_that_changed():
    pieces = differences.pieces("The lamps go off at ten.", "The lamps go off at midnight.")
    assert [each for each in pieces if each[0] != "same"] == [("removed", "ten"), ("added", "midnight")]


def test_neighbouring_changes_are_one_change():
    pieces = differences.pieces("We ask the mayor now", "We ask our council today")
    assert [text for kind, text in pieces if kind == "removed"] == ["the mayor now"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "New"),
        ("Old", ""),
        ("a\n\nb", "b\n\na"),
        ("a b", "a  b"),
        ("夜の道", "夜の小道"),
        ("x\n", "x"),
        ("same", "same"),
    ],
)
def test_nothing_of_either_text_is_lost(old, new):
    assert texts(differences.pieces(old, new)) == (old, new)


def test_random_texts_come_back_whole():
    draw = random.Random(7)
    for _ in range(50):
        old, new = ("".join(draw.choice("ab \n.") for _ in range(60)) for _ in range(2))
        assert texts(differences.pieces(old, new)) == (old, new)


def test_it_is_escaped_and_named_for_ears():
    html = differences.as_html(differences.pieces("a <b> & c", "a <script>x</script> & c"))
    assert "<script>" not in html
    assert '<ins class="added"><span class="visually-hidden">added: </span>' in html
    assert '<del class="removed"><span class="visually-hidden">removed: </span>' in html


def test_long_sameness_is_cut_on_the_side_without_a_change():
    html = differences.as_html(differences.pieces("word " * 400 + "end", "word " * 400 + "other"))
    assert "[… the same …]" in html
    assert len(html) < 600


def test_it_compares_each_part_and_leaves_out_what_is_the_same():
    old = Version(title="One", ask="Do it.", body="Text", decision_maker=DecisionMaker(name="The mayor"))
    new = Version(title="Two", ask="Do it.", body="Text", decision_maker=DecisionMaker(name="The council"))
    assert [str(change.name) for change in differences.between(old, new)] == ["Title", "Decision maker"]
    assert differences.between(old, old) == []


@pytest.mark.parametrize("pattern", ["a b ", ".", "a\n", "word\n\n", "ab", "夜"])
def test_the_worst_texts_are_compared_in_time(pattern):
    old, new = (pattern * 20_000)[:20_000], (f"b {pattern}" * 20_000)[:20_000]
    started = time.process_time()
    assert texts(differences.pieces(old, new)) == (old, new)
    assert time.process_time() - started < 2
