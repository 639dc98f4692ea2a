"""Pages that must stand by themselves, and the rule against inline code."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.template.loader import render_to_string

TEMPLATES = Path(settings.TEMPLATES[0]["DIRS"][0])
PAGES = sorted(
    path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html") if "emails" not in path.parts
)


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_it_stands_without_any_context(name):
    soup = BeautifulSoup(render_to_string(name), "html.parser")
    assert soup.title.get_text().endswith(settings.SITE_NAME)
    assert soup.h1


def test_it_stands_when_the_list_of_static_files_is_lost(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    manifest = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}
    assert "/static/css/site.css" in render_to_string("500.html")


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "410.html", "429.html"])
def test_it_explains_itself_without_knowing_the_reader(name):
    soup = BeautifulSoup(render_to_string(name), "html.parser")
    assert soup.h1
    assert soup.find("a", string=re.compile("first page|Browse petitions"))


@pytest.mark.parametrize("name", PAGES)
def test_it_keeps_style_and_script_out_of_the_markup(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)", text)


def test_it_asks_nothing_about_the_reader_on_public_pages():
    text = (TEMPLATES / "base.html").read_text(encoding="utf-8")
    assert not re.search(r"{[{%][^}]*\b(user|messages|csrf_token|request)\b", text)
