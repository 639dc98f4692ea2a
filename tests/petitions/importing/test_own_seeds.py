"""The petitions that come with this repository: clean, uncounted, and fair to both sides."""

from pathlib import Path

import pytest
from django.core.management import call_command

from petitions.importing import reading
from petitions.importing.fields import FIELDS
from petitions.importing.found import Found, Shape
from petitions.models import Petition, Tally, Topic
from petitions.states import State

FOLDER = Path(__file__).parents[3] / "seeds"
RETOLD, COUNTERPART = "tell-denver-to-cooperate-with-ice.txt", "tell-denver-to-keep-its-policy.txt"
ARTICLE = "denver-newcomers-and-scarce-shelter.txt"


def own() -> dict[str, Found]:
    return {file.name: file.found for file in reading.read([FOLDER]).files}


@pytest.mark.django_db
def test_they_import_and_every_count_starts_at_zero():
    call_command("import_seeds", FOLDER, quiet=True)
    assert Petition.objects.count() == len(own()) == Tally.objects.filter(signatures=0).count()
    assert {petition.progress.signatures for petition in Petition.objects.with_text()} == {0}
    assert Petition.objects.exclude(state=State.PUBLISHED).get().needs_ask


def test_all_three_shapes_are_among_them():
    shapes = [found.shape for found in own().values()]
    assert set(shapes) == set(Shape)
    assert shapes.count(Shape.MARKDOWN) >= 8


def test_the_retold_page_says_what_the_source_said():
    found = own()[RETOLD]
    assert (found.shape, found.first_goal, found.claimed_signatures) == (Shape.PAGE, 100, 0)
    assert (found.claimed_supporters, found.starter_name) == (50, "Patrick L.")
    assert found.decision_maker == "Mayor of Denver (2017)"
    assert found.note == (
        "Example retold from a 2017 petition; not written or endorsed by the person named; figures not verified"
    )


def test_the_retold_article_waits_for_an_ask():
    found = own()[ARTICLE]
    assert (found.shape, found.needs_ask) == (Shape.ARTICLE, True)
    assert found.caption.endswith("(Facebook/9News)")
    assert "figures not verified" in found.note


def test_both_sides_get_the_same_room():
    one, other = own()[RETOLD], own()[COUNTERPART]
    assert one.first_goal == other.first_goal
    assert (one.decision_maker, one.topic, one.shape) == (other.decision_maker, other.topic, other.shape)
    for field in ("title", "body"):
        assert len(getattr(other, field)) == pytest.approx(len(getattr(one, field)), rel=0.1)
    assert one.body.count("\n\n") == other.body.count("\n\n")


@pytest.mark.parametrize(
    "word", ["illegal", "alien", "criminal immigrant", "Hancock", "Leonard", "Carrera", "Johnston"]
)
def test_people_are_spoken_of_with_respect_and_not_named(word):
    assert not [
        name for name, found in own().items() if word in f"{found.title} {found.body} {found.caption}"
    ]


def test_every_one_says_where_it_is_from():
    assert [name for name, found in own().items() if not found.note] == []


@pytest.mark.django_db
def test_their_topics_are_those_of_a_new_site():
    topics = {found.topic for found in own().values()}
    assert len(topics) >= 8
    assert topics <= set(Topic.objects.values_list("slug", flat=True))


def test_they_differ_in_goal_and_one_of_them_closes():
    assert {25, 50, 100} <= {found.first_goal for found in own().values()}
    assert [found.closes_at for found in own().values() if found.closes_at]


def test_the_readme_names_every_field():
    readme = (FOLDER / "README.md").read_text()
    assert [field for field in FIELDS if f"| `{field}` |" not in readme] == []
