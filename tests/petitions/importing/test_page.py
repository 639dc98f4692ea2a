"""Captured petition pages, as they are and as captures spoil them."""

import pytest

from petitions.importing import shapes
from petitions.importing.found import Found, Shape, Unfit
from petitions.states import State
from tests.petitions.importing.conftest import PAGE

ASK = "Leave twenty holes open in the town hall’s new front."
BODY = "Swifts come back to the same hole every year.\n\nThe new front has none."


def seen(text: str) -> Found:
    return shapes.read(text, suffix=".txt")


def without(*starts: str) -> str:
    return "\n".join(line for line in PAGE.split("\n") if not line.startswith(starts))


def test_it_reads_a_page():
    found = seen(PAGE)
    assert (found.shape, found.state, found.needs_ask) == (Shape.PAGE, State.PUBLISHED, False)
    assert found.title == "Let the swifts nest on the town hall"
    assert found.body == BODY
    assert (found.decision_maker, found.ask) == ("Mayor of Tessel", ASK)
    assert found.starter_name == "Carol Singer"
    assert (found.first_goal, found.claimed_signatures, found.claimed_supporters) == (100, 0, 50)


def test_it_knows_the_lines_of_what_it_found():
    found = seen(PAGE)
    assert [found.line_of(name) for name in ("title", "first_goal", "ask", "topic")] == [1, 3, 11, 1]


@pytest.mark.parametrize(
    ("line", "count", "goal"),
    [
        ("1 has signed. Let’s get to 100!", 1, 100),
        ("1,234 have signed. Let's get to 1,500!", 1234, 1500),
        ("1.234 have signed. Let’s get to 1.500!", 1234, 1500),
        ("1\u00a0234 have signed. Let’s get to 1\u202f500!", 1234, 1500),
        ("1’234 people have signed. Let`s get to 1'500", 1234, 1500),
        ("  7 HAVE SIGNED.\u00a0 LETS GET TO 10 !  ", 7, 10),
        ("1,234 have signed.", 1234, 100),
    ],
)
def test_it_reads_the_count_as_a_claim_and_the_goal(line, count, goal):
    found = seen(PAGE.replace("0 have signed. Let’s get to 100!", line))
    assert (found.claimed_signatures, found.first_goal) == (count, goal)
    assert found.body == BODY


def test_it_reads_count_and_goal_on_lines_of_their_own():
    found = seen(PAGE.replace("0 have signed. Let’s get to 100!", "12 have signed.\nLet’s get to 25!"))
    assert (found.claimed_signatures, found.first_goal, found.body) == (12, 25, BODY)


@pytest.mark.parametrize("goal", ["ten", "12,34", "-5", "1.5K", "1" * 30])
def test_it_refuses_a_goal_that_is_no_number(goal):
    with pytest.raises(Unfit) as caught:
        seen(PAGE.replace("to 100!", f"to {goal}!"))
    assert caught.value.problems == ((3, f"the goal “{goal}” is not a whole number"),)


def test_it_refuses_a_claim_that_is_no_number():
    with pytest.raises(Unfit, match="“12,34” is not a whole number"):
        seen(PAGE.replace("0 have signed", "12,34 have signed"))


def test_it_reads_straight_quotes():
    found = seen(PAGE.replace("“", '"').replace("”", '"').replace("’", "'"))
    assert (found.decision_maker, found.ask) == ("Mayor of Tessel", ASK.replace("’", "'"))
    assert (found.first_goal, found.claimed_supporters) == (100, 50)


def test_it_reads_a_bare_trailer():
    found = seen(PAGE.replace("“", "").replace(".”.", "."))
    assert (found.decision_maker, found.ask) == ("Mayor of Tessel", ASK.rstrip("."))


def test_it_keeps_quotes_inside_the_ask():
    found = seen(PAGE.replace("Leave twenty holes open", "Say “no” to closing twenty holes"))
    assert found.ask.startswith("Say “no” to closing twenty holes")


@pytest.mark.parametrize(
    ("join", "supporters"),
    [
        ("Join Carol and 1 supporter today.", 1),
        ("Join Carol and 1,234 supporters today.", 1234),
        ("Join Carol and 12\u00a0345 other supporters today!", 12_345),
        ("Join Carol and 0 supporters today.", 0),
        ("Join Carol today.", None),
        ("", None),
    ],
)
def test_it_reads_the_supporters_as_a_claim(join, supporters):
    found = seen(PAGE.replace("Join Carol and 50 supporters today.", join))
    assert (found.claimed_supporters, found.ask, found.body) == (supporters, ASK, BODY)


def test_it_reads_an_invitation_on_a_line_of_its_own():
    found = seen(PAGE.replace(" Join Carol", "\n\nJoin Carol"))
    assert (found.claimed_supporters, found.ask, found.body) == (50, ASK, BODY)


def test_it_reads_a_trailer_that_was_wrapped():
    found = seen(PAGE.replace("needs your help with ", "needs\nyour help\nwith ").replace(" Join", "\nJoin"))
    assert (found.starter_name, found.ask, found.claimed_supporters) == ("Carol Singer", ASK, 50)


@pytest.mark.parametrize("between", ["\n", " "])
def test_it_parts_an_appeal_from_the_trailer_that_hangs_on_it(between):
    found = seen(PAGE.replace("counting on you\n\n", f"counting on you{between}"))
    assert (found.starter_name, found.body) == ("Carol Singer", BODY)


def test_it_parts_a_trailer_from_the_paragraph_that_hangs_on_it():
    found = seen(without("Today").replace("has none.\n\n\n", "has none.\n"))
    assert (found.starter_name, found.body) == ("Carol Singer", BODY)


def test_it_takes_the_short_name_where_there_is_no_trailer():
    found = seen(without("Carol Singer"))
    assert (found.starter_name, found.decision_maker, found.ask) == ("Carol", "", "")


def test_a_page_may_have_neither_starter_nor_decision_maker():
    found = seen(without("Carol Singer", "Today"))
    assert found.shape == Shape.PAGE
    assert (found.starter_name, found.decision_maker, found.claimed_supporters) == ("", "", None)


@pytest.mark.parametrize("gone", [("0 have",), ("0 have", "Today"), ("0 have", "Carol Singer")])
def test_one_sign_of_a_page_is_enough(gone):
    found = seen(without(*gone))
    assert (found.shape, found.first_goal, found.claimed_signatures) == (Shape.PAGE, 100, None)


def test_a_campaign_without_colon_is_the_ask_alone():
    found = seen(PAGE.replace("Mayor of Tessel: Leave", "Leave"))
    assert (found.decision_maker, found.ask) == ("", ASK)


def test_a_time_of_day_parts_nothing():
    found = seen(PAGE.replace("Mayor of Tessel: Leave", "Let the 7:30 bus wait, leave"))
    assert found.decision_maker == ""


def test_several_decision_makers_stay_together():
    found = seen(PAGE.replace("Mayor of Tessel:", "Mayor of Tessel, Town Council:"))
    assert found.decision_maker == "Mayor of Tessel, Town Council"


@pytest.mark.parametrize(
    "again", ["Let the swifts nest on the town hall", "LET THE SWIFTS NEST on the town hall!"]
)
def test_it_drops_repeated_titles(again):
    found = seen(f"{PAGE.split(chr(10))[0]}\n{again}\n\n{again}\n{PAGE.partition(chr(10))[2]}")
    assert found.body == BODY


def test_it_drops_repeated_counts():
    assert seen(PAGE.replace("The new", "0 have signed. Let’s get to 100!\n\nThe new")).body == BODY


def test_blanks_of_every_kind_are_one():
    found = seen(
        PAGE.replace("same hole", "same\u00a0 \u2007hole").replace("the town hall\n", "the\u00a0town hall \n")
    )
    assert (found.title, found.body) == ("Let the swifts nest on the town hall", BODY)


def test_it_reads_the_remarks_below():
    found = seen(f"{PAGE}\n\nImport topic: animals\n\nImport note: Retold; nobody’s words.\n\n")
    assert (found.topic, found.note, found.body) == ("animals", "Retold; nobody’s words.", BODY)
    assert (found.line_of("topic"), found.line_of("note")) == (13, 15)


def test_a_request_in_a_sentence_does_not_make_a_page():
    found = seen("A headline\n\nThe shelter needs your help with food.\n\nBring some.")
    assert found.shape == Shape.ARTICLE
    assert "needs your help with food." in found.body


def test_it_refuses_a_page_without_title():
    with pytest.raises(Unfit) as caught:
        seen(PAGE.partition("\n")[2])
    assert caught.value.problems == ((2, "there is no title above this line"),)


def test_it_refuses_a_page_without_text():
    with pytest.raises(Unfit, match="there is no text below the title"):
        seen(without("Swifts", "The new"))
