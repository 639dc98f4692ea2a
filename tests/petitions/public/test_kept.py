"""With the page cache in front, as gunicorn serves it: what changes is seen within a second, the count at once."""

import json

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from lib.web import pagecache
from lib.web.pagecache import PageCache
from petitions.models import Delta
from petitions.services import moderation
from tests.conftest import verdict
from tests.lib.asking import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(pagecache, "monotonic", lambda: clock[0])
    cache = PageCache(WSGIHandler(), seconds=1)
    cache.clock = clock
    return cache


def test_one_that_is_taken_down_is_gone_within_a_second(site, make_petition, bob, reason):
    petition = make_petition()
    url = petition.get_absolute_url()
    assert ask(site, url).status == 200
    moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    site.clock[0] += 0.5
    gone = ask(site, url)
    assert gone.status == 410
    assert petition.title.encode() not in gone.body
    moderation.restore(petition=petition, verdict=verdict(petition, bob))
    assert ask(site, url).status == 200


def test_the_count_for_programs_is_exact_while_the_page_is_kept(site, make_petition):
    petition = make_petition()
    url = petition.get_absolute_url()
    for number in range(3):
        assert b"<strong>0</strong> have signed" in ask(site, url).body
        assert json.loads(ask(site, f"{url}count.json").body)["signatures"] == number
        Delta.objects.create(petition=petition, change=1)
    site.clock[0] += 0.5
    assert b"<strong>3</strong> have signed" in ask(site, url).body


def test_each_language_has_its_own_page(site):
    with override_settings(LANGUAGES=[("en", "English"), ("de", "Deutsch")]):
        for path, language in [("/about/", "en"), ("/de/about/", "de")] * 2:
            page = ask(site, path, HTTP_ACCEPT_LANGUAGE="de", HTTP_COOKIE="django_language=de")
            assert page.headers["Content-Language"] == language
            assert f'<html lang="{language}"'.encode() in page.body


def test_a_kept_page_asks_nothing_of_the_database(site, make_petition, django_assert_num_queries):
    paths = ["/", "/petitions/", "/about/", "/rules/", make_petition().get_absolute_url()]
    for path in paths:
        ask(site, path)
    with django_assert_num_queries(0):
        assert {ask(site, f"{path}?utm_source=mail").status for path in paths} == {200}


@pytest.mark.parametrize(
    "path", ["/accounts/corner/", "/petitions/start/", "PAGEsign/", "PAGEpanel/", "/accounts/login/"]
)
def test_what_is_personal_is_never_kept(site, make_petition, path):
    ask(site, path.replace("PAGE", make_petition().get_absolute_url()))
    assert not len(site.pages)
    assert not len(site.reads)
