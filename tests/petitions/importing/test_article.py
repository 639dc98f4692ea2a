"""Captured articles: a headline, a picture, paragraphs, and no ask."""

import pytest

from petitions.importing import shapes
from petitions.importing.found import Found, Shape, Unfit
from petitions.states import State
from tests.petitions.importing.conftest import ARTICLE

BODY = "The birds came back on Monday and found the holes closed.\n\nNobody at the town hall was ready to comment."
CAPTION = "Swifts above the town hall (Tessel Gazette)"


def seen(text: str) -> Found:
    return shapes.read(text, suffix=".txt")


def test_it_reads_an_article():
    found = seen(ARTICLE)
    assert (found.shape, found.state, found.needs_ask) == (Shape.ARTICLE, State.SUBMITTED, True)
    assert found.title == "Swifts return to a town hall without holes"
    assert (found.caption, found.body) == (CAPTION, BODY)
    assert (found.ask, found.decision_maker, found.starter_name, found.first_goal) == ("", "", "", 100)
    assert (found.claimed_signatures, found.claimed_supporters) == (None, None)


@pytest.mark.parametrize(
    "caption", [CAPTION, "Swifts [AP Photo/Ada Bell]", "“Our guests”, says the mayor (Photo: Ada Bell)"]
)
def test_it_recognises_a_caption_by_its_credit(caption):
    assert seen(ARTICLE.replace(CAPTION, caption)).caption == caption


def test_a_byline_may_stand_above_the_picture():
    found = seen(ARTICLE.replace(CAPTION, f"By Ada Bell\n\n{CAPTION}"))
    assert (found.caption, found.body) == (CAPTION, f"By Ada Bell\n\n{BODY}")


@pytest.mark.parametrize(
    "first", ["They came (as ever).", "They came (as ever)\nand stayed.", "x" * 400 + " (AP)"]
)
def test_a_paragraph_with_brackets_is_no_caption(first):
    found = seen(ARTICLE.replace(CAPTION, first))
    assert (found.caption, found.body) == ("", f"{first}\n\n{BODY}")


def test_the_only_paragraph_is_no_caption():
    found = seen("A headline\n\nAll there is (AP)")
    assert (found.caption, found.body) == ("", "All there is (AP)")


def test_an_article_may_have_no_picture():
    assert seen(ARTICLE.replace(CAPTION, "")).body == BODY


@pytest.mark.parametrize(
    "ending",
    [
        "\n\n\nLeave a Comment",
        "\nLeave a comment\n\n",
        "Leave a Comment",
        " Leave a Reply\n",
        "\n\nPost a Comment",
        "",
    ],
)
def test_it_drops_the_comment_link_even_when_it_is_glued_on(ending):
    assert seen(ARTICLE.replace("\n\n\nLeave a Comment", ending)).body == BODY


def test_to_leave_a_comment_can_be_part_of_a_sentence():
    text = ARTICLE.replace("\n\n\nLeave a Comment", " They asked us to leave a comment")
    assert seen(text).body.endswith("They asked us to leave a comment")


def test_it_drops_a_repeated_headline():
    assert seen(f"Swifts return to a town hall without holes\n{ARTICLE}").body == BODY


def test_it_reads_the_remarks_below_the_comment_link():
    found = seen(f"{ARTICLE}\n\nImport topic: animals\nImport note: Retold.")
    assert (found.topic, found.note, found.body) == ("animals", "Retold.", BODY)


def test_a_note_in_the_text_is_no_remark():
    assert seen(f"{ARTICLE}\n\nNote: corrected on Tuesday.").note == ""


@pytest.mark.parametrize(
    "text", ["Only a headline", "A headline\n\n A headline \n\nLeave a Comment", "A headline\n\n* * *"]
)
def test_it_refuses_an_article_without_text(text):
    with pytest.raises(Unfit, match="there is no text below the title"):
        seen(text)


@pytest.mark.parametrize("text", ["", " \n\u00a0\n", "\u200b", "…\n—"])
def test_it_refuses_a_text_that_says_nothing(text):
    with pytest.raises(Unfit, match="the file is empty"):
        seen(text)


def test_it_refuses_remarks_alone():
    with pytest.raises(Unfit, match="there is no title"):
        seen("Import note: nothing above")


def test_a_rule_above_a_text_is_no_front_matter():
    assert seen(f"--------\n{ARTICLE}").shape == Shape.ARTICLE
