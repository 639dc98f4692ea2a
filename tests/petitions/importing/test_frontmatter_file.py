"""Markdown with front matter, field by field and fault by fault."""

from datetime import UTC, datetime

import pytest

from petitions.importing import shapes
from petitions.importing.found import Found, Shape, Unfit
from petitions.states import State
from tests.petitions.importing.conftest import MARKDOWN

FULL = """\
---
id: baths-2026
title: Open the baths in winter
ask: Open the baths from November to March.
decision_maker: Baths Office
starter: Carol Singer
topic: culture
goal: 250
language: de
state: submitted
closes: 2030-01-31T18:00:00+01:00
note: An example.
source: Tessel Archive
---
The baths are *warm*.

---

So are we.
"""


def seen(text: str, suffix: str = ".md") -> Found:
    return shapes.read(text, suffix=suffix)


def with_field(line: str) -> str:
    return MARKDOWN.replace("---\nThe", f"{line}\n---\nThe")


def problems(text: str) -> tuple[tuple[int, str], ...]:
    with pytest.raises(Unfit) as caught:
        seen(text)
    return caught.value.problems


def test_it_reads_every_field():
    found = seen(FULL)
    assert (found.shape, found.state, found.id) == (Shape.MARKDOWN, State.SUBMITTED, "baths-2026")
    assert (found.title, found.ask) == ("Open the baths in winter", "Open the baths from November to March.")
    assert (found.decision_maker, found.starter_name) == ("Baths Office", "Carol Singer")
    assert (found.topic, found.first_goal, found.language) == ("culture", 250, "de")
    assert found.closes_at == datetime(2030, 1, 31, 17, tzinfo=UTC)
    assert (found.note, found.source) == ("An example.", "Tessel Archive")
    assert found.body == "The baths are *warm*.\n\n---\n\nSo are we."


def test_a_title_and_a_text_are_enough():
    found = seen(MARKDOWN)
    assert (found.state, found.first_goal, found.language) == (State.PUBLISHED, 100, "en")
    assert (found.ask, found.topic, found.closes_at, found.needs_ask) == ("", "", None, False)


def test_a_text_file_may_bring_front_matter():
    assert seen(MARKDOWN, suffix=".txt").shape == Shape.MARKDOWN


def test_empty_fields_say_nothing():
    found = seen(with_field("ask:\ngoal:\nstate:\ncloses: ~"))
    assert (found.ask, found.first_goal, found.state, found.closes_at) == ("", 100, State.PUBLISHED, None)


def test_blank_lines_may_stand_above():
    found = seen("\n \n" + MARKDOWN)
    assert (found.title, found.line_of("title")) == ("Open the baths in winter", 4)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2030-01-31", datetime(2030, 1, 31, 23, 59, 59, tzinfo=UTC)),
        ('"2030-01-31"', datetime(2030, 1, 31, 23, 59, 59, tzinfo=UTC)),
        ("2030-01-31 18:00:00", datetime(2030, 1, 31, 18, tzinfo=UTC)),
        ("2030-01-31T18:00+02:00", datetime(2030, 1, 31, 16, tzinfo=UTC)),
        ('"2030-01-31T18:00:00Z"', datetime(2030, 1, 31, 18, tzinfo=UTC)),
    ],
)
def test_it_closes_at_a_moment_or_at_the_end_of_a_day(value, moment):
    assert seen(with_field(f"closes: {value}")).closes_at == moment


@pytest.mark.parametrize(
    "value", ["soon", "2030-02-30", "2030", "[2030-01-31]", "9999-12-31T23:00:00-12:00", "true"]
)
def test_it_refuses_a_moment_that_is_none(value):
    ((line, reason),) = problems(with_field(f"closes: {value}"))
    assert line == 3
    assert reason.startswith("closes: ")


@pytest.mark.parametrize(("value", "goal"), [("250", 250), ('"1,000"', 1000), ("1_000", 1000), ("0", 0)])
def test_it_reads_goals(value, goal):
    assert seen(with_field(f"goal: {value}")).first_goal == goal


@pytest.mark.parametrize("value", ["many", "1.5", "yes", ".inf", "1" * 5000, "1" * 30, "[100]"])
def test_it_refuses_a_goal_that_is_no_number(value):
    ((line, reason),) = problems(with_field(f"goal: {value}"))
    assert line == 3
    assert reason.startswith("goal: ")


def test_it_names_every_unknown_field():
    (first, second) = problems(with_field("sponsor: me\ntitel: Baths"))
    assert first[0] == 3
    assert first[1].startswith("there is no field “sponsor”; there are id, title, ask,")
    assert second[0] == 4


def test_it_refuses_a_field_that_stands_there_twice():
    assert problems(with_field("title: Again")) == ((3, "the field “title” stands there twice"),)


@pytest.mark.parametrize(
    "line", ["topic: [a, b]", "topic: {a: b}", "topic:\n  - a", "? [a]\n: b", "<<: {title: x}"]
)
def test_it_refuses_lists_and_maps(line):
    assert problems(with_field(line))[0][0] == 3


@pytest.mark.parametrize("line", ["ask: 5", "starter: yes", "note: 2030-01-31", "id: 1.5", "id: no"])
def test_it_refuses_what_is_no_text(line):
    ((number, reason),) = problems(with_field(line))
    assert (number, reason) == (3, f"{line.partition(':')[0]}: takes text; put it in quotes")


def test_a_plain_number_can_be_an_id():
    assert seen(with_field("id: 2026")).key == "id:2026"


@pytest.mark.parametrize("state", ["draft", "closed", "Published", "5"])
def test_it_refuses_any_other_state(state):
    assert problems(with_field(f"state: {state}")) == ((3, "state: is published or submitted"),)


@pytest.mark.parametrize("title", ["", "title:", 'title: ""', "title: ' … '", "title: '\u200b'"])
def test_it_refuses_a_missing_title(title):
    assert problems(f"---\n{title}\nask: Open\n---\nText")[0][1] == "there is no title"


@pytest.mark.parametrize("body", ["", "\n\n", "  \u200b\n", "***\n"])
def test_it_refuses_a_missing_text(body):
    assert problems(f"---\ntitle: Baths\n---\n{body}")[0][1] == "there is no text below the front matter"


@pytest.mark.parametrize(
    "text", ["The baths are warm.", "---\ntitle: Baths\nThe baths", "title: Baths\n---\nText"]
)
def test_it_refuses_markdown_without_front_matter(text):
    assert problems(text) == ((1, "it does not start with front matter between two lines of “---”"),)


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("title: 'open", 3),
        ("title: Baths\n\task: x", 3),
        ("title: a: b", 2),
        ("title: !!python/object/apply:os.system [ls]", 2),
        ("title: !!python/name:os.system x", 2),
        ("title: *nothing", 2),
        ("title: Baths\x07", 2),
        ("- title", 1),
        ("Baths", 1),
    ],
)
def test_it_refuses_what_is_not_yaml(head, line):
    assert problems(f"---\n{head}\n---\nText")[0][0] == line


def test_it_refuses_a_bomb_without_building_it():
    bomb = "a: &a [x, x]\n" + "\n".join(
        f"{to}: &{to} [*{of}, *{of}]" for of, to in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert len(problems(f"---\n{bomb}\n---\nText")) == 9


@pytest.mark.parametrize("head", ["a: " + "[" * 9000 + "]" * 9000, "title: " + "x" * 20_001])
def test_it_refuses_a_head_that_is_too_deep_or_too_long(head):
    assert "the front matter is" in problems(f"---\n{head}\n---\nText")[0][1]
