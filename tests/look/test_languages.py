"""The language menu: links by address, only where there is a choice."""

from types import SimpleNamespace

from django.template import Context
from django.utils import translation

from lib.templatetags.look import grouped, language_links, own_path


def test_it_offers_nothing_where_there_is_one_language(settings):
    settings.LANGUAGES = [("en", "English")]
    assert language_links(Context({})) == []


def test_it_links_the_same_page_in_each_language(settings):
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    context = Context({"request": SimpleNamespace(path="/nowhere/")})
    links = language_links(Context({"page_path": own_path(context)}))
    assert [(link["code"], link["dir"], link["is_current"]) for link in links] == [
        ("en", "ltr", True),
        ("ar", "rtl", False),
    ]


def test_it_groups_figures_as_the_reader_does():
    assert grouped(1284) == "1,284"
    with translation.override("de"):
        assert grouped(1284) == "1.284"
