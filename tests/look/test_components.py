"""The components that pages put together."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string

from lib.templatetags.look import initials
from petitions.goals import Progress

HOSTILE = "<script>alert(1)</script>"


def component(file, /, **parts):
    return BeautifulSoup(render_to_string(f"components/{file}.html", parts), "html.parser")


def petition(**changes):
    facts = {
        "title": "Keep the river path lit",
        "ask_or_snippet": "The lamps go off at ten.",
        "topic": SimpleNamespace(name="Parks", slug="parks"),
        "decision_maker_name": "Parks Department",
        "progress": Progress(signatures=842, first_goal=100),
        "state": "published",
        "published_at": datetime(2026, 11, 20, tzinfo=UTC),
        "get_absolute_url": "/petitions/river-path-7/",
    }
    return SimpleNamespace(**facts | changes)


def test_it_writes_the_sentence_as_one_run_of_text():
    sentence = SimpleNamespace(figure="1,284", rest=" have signed. Let’s get to 1,500!")
    soup = component("sentence", sentence=sentence)
    assert soup.p.get_text() == "1,284 have signed. Let’s get to 1,500!"
    assert soup.p.strong.get_text() == "1,284"


def test_it_shows_a_card_with_one_link():
    soup = component("petition_card", petition=petition())
    assert soup.li.h3.a["href"] == "/petitions/river-path-7/"
    assert len(soup.find_all("a")) == 1
    assert "842 of 1,000" in soup.get_text()
    assert "To Parks Department" in soup.get_text()


def test_it_shows_a_card_without_topic_and_decision_maker():
    soup = component(
        "petition_card", petition=petition(topic=None, decision_maker_name=""), heading="h2", tag="div"
    )
    assert soup.div.h2
    assert "None" not in soup.get_text()


def test_it_escapes_what_people_wrote():
    hostile = petition(title=HOSTILE, ask_or_snippet=HOSTILE, decision_maker_name=HOSTILE)
    for name in ("petition_card", "petition_line"):
        assert component(name, petition=hostile).script is None


@pytest.mark.parametrize(("state", "word"), [("victory", "Victory"), ("closed", "Closed")])
def test_it_shows_the_final_count_of_an_ended_petition(state, word):
    soup = component("petition_card", petition=petition(state=state))
    assert soup.progress is None
    assert word in soup.get_text()
    assert "842 signed" in soup.get_text()


def test_it_says_how_many_are_missing():
    assert "9 to go" in component("petition_line", petition=petition(), to_go=9).get_text()


def test_it_appeals_for_the_starter():
    alone = component("appeal", name="Patrick", full_name="Patrick Leonard", signatures=0).get_text(" ")
    assert "Today: Patrick is counting on you." in alone
    assert "Be the first to sign." in alone
    assert "Join Patrick and 1 supporter." in component("appeal", name="Patrick", signatures=1).get_text(" ")


def test_it_keeps_a_notice_of_markup_and_text_apart():
    source = '{% load look %}{% notice title=title tone="bad" id="n" %}<p>Rule 4</p>{% endnotice %}'
    soup = BeautifulSoup(Template(source).render(Context({"title": HOSTILE})), "html.parser")
    assert soup.section["aria-labelledby"] == "n"
    assert soup.script is None
    assert soup.find_all("p")[-1].get_text() == "Rule 4"


def test_it_offers_pages_only_where_there_are_some():
    assert component("pagination", page=Paginator([1], 10).get_page(1)).nav is None
    soup = component("pagination", page=Paginator(range(300), 10).get_page(7), prefix="q=bridge&")
    assert soup.find("a", rel="next")["href"] == "?q=bridge&page=8"
    assert soup.find(attrs={"aria-current": "page"}).get_text(" ", strip=True) == "Page 7"


def test_it_lists_what_is_wrong_with_links_to_the_fields():
    class Form(forms.Form):
        title = forms.CharField(label="Title")

    soup = component("error_summary", form=Form({}))
    assert soup.h2.get_text() == "One thing to mend"
    assert soup.a["href"] == "#id_title"
    assert component("error_summary", form=Form()).div is None


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Amina Rahim", "AR"), ("Marek", "M"), ("", "–"), ("  ", "–"), ("Ana de la Cruz", "AC")],
)
def test_it_shortens_names(name, letters):
    assert initials(name) == letters
