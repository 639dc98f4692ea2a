"""A kept part of a page shows nothing but the values it names, and is made anew when one of them changes."""

import gc
import tracemalloc
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.utils import timezone, translation

from lib.templatetags import kept
from petitions.cards import Card
from petitions.goals import Progress
from petitions.marking import mark


class Counting:
    """Something that tells how often it was shown."""

    def __init__(self) -> None:
        self.shown = 0

    def __str__(self) -> str:
        self.shown += 1
        return f"shown {self.shown}"


def render(text: str, **values) -> str:
    return Template("{% load kept i18n %}" + text).render(Context(values))


@pytest.fixture
def template():
    """Return a part that is kept for each `key`, and a value that tells how often it was made."""
    made = Template("{% load kept %}{% kept key=key seen=seen %}{{ key }} {{ seen }}{% endkept %}")
    seen = Counting()
    return lambda key: made.render(Context({"key": key, "seen": seen}))


def test_it_is_made_once_for_each_value(template):
    assert [template(key) for key in ("a", "a", "b", "a")] == [
        "a shown 1",
        "a shown 1",
        "b shown 2",
        "a shown 1",
    ]


def test_it_is_made_for_each_language_and_time_zone(template):
    made = {template("a")}
    with translation.override("de"):
        made.add(template("a"))
    with timezone.override("Asia/Tokyo"):
        made.add(template("a"))
    assert made == {"a shown 1", "a shown 2", "a shown 3"}


def test_what_is_safe_and_what_looks_like_it_are_two_values():
    made = Template("{% load kept %}{% kept title=title %}{{ title }}{% endkept %}")
    title = "Keep <mark>lamps</mark>"
    marked = mark("Keep lamps", {"lamps"})
    assert title == marked
    assert made.render(Context({"title": marked})) == "Keep <mark>lamps</mark>"
    assert made.render(Context({"title": title})) == "Keep &lt;mark&gt;lamps&lt;/mark&gt;"


def test_no_card_has_a_title_that_is_escaped_only_now_and_then():
    found = SimpleNamespace(
        title="Keep <mark>lamps</mark>", snippet="", topic=None, decision_maker_name="", progress=None, state="",
        published_at=None, language_tag="en", slug="x-1",
    )  # fmt: skip
    assert str(Card.of(found).title) == "Keep &lt;mark&gt;lamps&lt;/mark&gt;"


def test_nothing_that_it_does_not_name_is_to_be_had_in_it(rf):
    request = rf.get("/", HTTP_COOKIE="csrftoken=abc")
    request.user = "somebody"
    text = "{% load kept %}{% kept %}[{{ user }}{{ request }}{{ messages }}{{ csrf_token }}{{ other }}]{% endkept %}"
    assert Template(text).render(RequestContext(request, {"other": "x"})) == "[]"


def test_it_knows_the_site_s_own_words(settings):
    text = "{% kept %}{{ site_name }}{% endkept %}"
    assert render(text) == settings.SITE_NAME
    settings.SITE_NAME = "Another"
    assert render(text) == "Another"


def test_a_part_changes_with_the_site_s_words_too(settings):
    made = Template("{% load kept %}{% kept %}{{ site_name }}{% endkept %}")
    made.render(Context())
    settings.SITE_NAME = "Another"
    assert made.render(Context()) == "Another"


def test_it_holds_no_more_than_it_may(template, monkeypatch):
    monkeypatch.setattr(kept.shelf, "most", 20_000)
    for number in range(500):
        template(f"{number:050}")
    assert 10 < len(kept.shelf) < 50
    assert kept.shelf.weight <= 20_000


def test_what_it_holds_is_weighed_with_the_values_by_which_it_is_found():
    made = Template(
        "{% load kept %}{% kept card=card %}{{ card.title }} {{ card.ask_or_snippet }}{% endkept %}"
    )
    made.render(Context({"card": card_number(0)}))
    tracemalloc.start()
    try:
        weight, before = kept.shelf.weight, tracemalloc.get_traced_memory()[0]
        for number in range(1, 500):
            made.render(Context({"card": card_number(number)}))
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert 0.8 * taken < kept.shelf.weight - weight < 1.5 * taken


def card_number(number: int) -> Card:
    """Return a card of which nothing is shared with another, as one that comes from the database."""
    found = SimpleNamespace(
        title=f"Lamps along path {number}", snippet=f"{number} " + "words of its text  " * 6,
        topic=SimpleNamespace(name=f"Streets {number}", slug=f"streets-{number}"), decision_maker_name=f"Council {number}",
        progress=Progress(number, 100), state="published", published_at=datetime(2026, 11, 1, 12, tzinfo=UTC),
        language_tag="en", slug=f"lamps-along-path-{number}",
    )  # fmt: skip
    return Card.of(found)


@pytest.mark.parametrize(
    "text", ["{% kept %}{% block a %}{% endblock %}{% endkept %}", "{% kept a %}{% endkept %}"]
)
def test_it_refuses_what_it_can_not_keep(text):
    with pytest.raises(TemplateSyntaxError):
        render(text)


def test_a_value_that_can_not_be_compared_is_an_error():
    with pytest.raises(TypeError):
        render("{% kept a=a %}{% endkept %}", a=[])
