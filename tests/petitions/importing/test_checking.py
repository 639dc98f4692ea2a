"""What a readable seed may still get wrong."""

import dataclasses

import pytest

from petitions.importing import checking, shapes
from petitions.importing.found import SeedFile
from tests.petitions.importing.conftest import MARKDOWN, PAGE

GOOD = shapes.read(PAGE, suffix=".txt")


def complaints(*changes: dict[str, object]) -> list[str]:
    files = [
        SeedFile(f"{number}.txt", f"{number}.txt", dataclasses.replace(GOOD, **change))
        for number, change in enumerate(changes)
    ]
    return [str(fault) for fault in checking.faults(files, topics={"animals", "streets"})]


def test_it_finds_nothing_wrong_with_a_good_seed():
    assert complaints({"topic": "animals", "language": "uk"}) == []


@pytest.mark.parametrize(
    ("field", "longest", "line"),
    [
        ("title", 250, 1),
        ("ask", 300, 11),
        ("decision_maker", 120, 11),
        ("starter_name", 120, 11),
        ("source", 255, 1),
    ],
)
def test_it_refuses_what_the_columns_cannot_hold(field, longest, line):
    assert complaints({field: "x" * longest}) == []
    label = field.replace("_", " ")
    assert complaints({field: "x" * (longest + 1)}) == [
        f"0.txt:{line}: the {label} has {longest + 1} characters; it may have {longest}"
    ]


@pytest.mark.parametrize("goal", [0, -1, 10_000_001])
def test_it_refuses_an_impossible_goal(goal):
    assert complaints({"first_goal": goal}) == [f"0.txt:3: the goal {goal:,} is not between 1 and 10,000,000"]


@pytest.mark.parametrize("goal", [1, 10_000_000])
def test_it_takes_the_smallest_and_the_largest_goal(goal):
    assert complaints({"first_goal": goal}) == []


def test_it_refuses_an_unknown_topic():
    assert complaints({"topic": "cats"}) == ["0.txt:1: there is no topic “cats”; there are animals, streets"]


def test_it_refuses_an_unknown_language():
    (line,) = complaints({"language": "tlh"})
    assert line.startswith("0.txt:1: there is no language “tlh”; there are ar, de, en,")


def test_it_refuses_two_files_of_one_petition():
    again = {"title": GOOD.title.upper() + "!"}
    assert complaints({}, again) == ["1.txt:1: is the same petition as 0.txt, by its id or title"]


def test_it_refuses_one_id_given_twice():
    assert len(complaints({"id": "a"}, {"id": "b"}, {"id": "a", "title": "Another"})) == 1


def test_an_id_and_an_equal_title_are_two_petitions():
    baths = shapes.read(MARKDOWN, suffix=".md")
    files = [SeedFile("a", "a", baths), SeedFile("b", "b", dataclasses.replace(baths, id=baths.title))]
    assert checking.faults(files, topics=()) == []
