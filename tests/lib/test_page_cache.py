"""A process keeps public pages for a moment; what is personal, wrong or gone it never keeps."""

import json
import logging
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import Http404, HttpResponse
from django.urls import path

from config import urls
from lib.web import pagecache, request_log
from lib.web.pagecache import PageCache
from lib.web.public import kept_page, public_page
from tests.embedded.launching import until
from tests.lib.asking import ask

asked: Counter[str] = Counter()
may_answer = threading.Event()


def _body(request) -> HttpResponse:
    asked[request.get_full_path()] += 1
    assert may_answer.wait(20)
    return HttpResponse(f"page {asked.total()}")


def _large(request):
    return HttpResponse(b"x" * (pagecache.MOST_BYTES // 10))


def _reads_a_session(request):
    request.session.get("anything")
    return _body(request)


def _sets_a_cookie(request):
    response = _body(request)
    response.set_cookie("a", "b")
    return response


def _varies(request):
    response = _body(request)
    response["Vary"] = "Accept"
    return response


def _is_gone(request):
    return HttpResponse("gone", status=410) if asked["now"] else _body(request)


def _is_missing(request):
    _body(request)
    raise Http404


def _fails(request):
    _body(request)
    raise RuntimeError


def _moved(request):
    _body(request)
    return HttpResponse(status=301, headers={"Location": "/kept/"})


urlpatterns = [
    path("kept/", kept_page()(_body)),
    path("kept/<int:number>/", kept_page()(lambda request, number: _body(request))),
    path("large/<int:number>/", kept_page()(lambda request, number: _large(request))),
    path("list/", kept_page("q", "page")(_body)),
    path("counted/", public_page(_body)),
    path("personal/", kept_page()(_reads_a_session)),
    path("cookie/", kept_page()(_sets_a_cookie)),
    path("varies/", kept_page()(_varies)),
    path("gone/", kept_page()(_is_gone)),
    path("missing/", kept_page()(_is_missing)),
    path("fails/", kept_page()(_fails)),
    path("moved/", kept_page()(_moved)),
    *urls.urlpatterns,
]
handler500 = "petitions.views.faults.server_error"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(pagecache, "monotonic", clock)
    return clock


@pytest.fixture
def site(settings, clock):
    settings.ROOT_URLCONF = __name__
    asked.clear()
    may_answer.set()
    return PageCache(WSGIHandler(), seconds=1)


def test_it_asks_the_view_once(site):
    first, second = ask(site, "/kept/"), ask(site, "/kept/")
    assert (first.body, second.body, asked["/kept/"]) == (b"page 1", b"page 1", 1)
    own = {"X-Request-ID"}
    assert {**first.headers, **dict.fromkeys(own)} == {**second.headers, **dict.fromkeys(own)}
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]


def test_it_gives_what_would_be_answered_without_it(site):
    kept = [ask(site, "/kept/") for _ in range(2)][-1]
    asked.clear()
    plain = ask(WSGIHandler(), "/kept/")
    assert plain.headers.keys() == kept.headers.keys()
    for name in plain.headers.keys() - {"X-Request-ID"}:
        assert plain.headers[name] == kept.headers[name]
    assert plain.body == kept.body


def test_whoever_has_a_cookie_gets_the_same_page(site):
    ask(site, "/kept/")
    assert ask(site, "/kept/", HTTP_COOKIE="sessionid=x; csrftoken=y").body == b"page 1"
    assert asked.total() == 1


def test_it_is_made_anew_after_half_a_second(site, clock):
    ask(site, "/kept/")
    clock.now += 0.49
    assert ask(site, "/kept/").body == b"page 1"
    clock.now += 0.01
    assert ask(site, "/kept/").body == b"page 2"
    assert ask(site, "/kept/").body == b"page 2"


def test_what_others_append_to_an_address_makes_no_new_page(site):
    for number in range(3_000):
        assert ask(site, f"/kept/?fbclid={number}").body == b"page 1"
    assert asked.total() == 1


def test_what_the_view_reads_does(site):
    found = [
        ask(site, f"/list/{query}").body for query in ("", "?q=a", "?q=b&x=1", "?x=2&q=b", "?q=a&page=2", "")
    ]
    assert found == [b"page 1", b"page 2", b"page 3", b"page 3", b"page 4", b"page 1"]


def test_it_holds_no_more_than_it_may(site):
    for number in range(30):
        ask(site, f"/large/{number}/")
    assert site.pages.weight <= pagecache.MOST_BYTES
    assert len(site.pages) == 10
    site.reads.most = 5
    for number in range(30):
        ask(site, f"/kept/{number}/")
    assert len(site.reads) == 5


def test_a_list_asked_for_in_many_ways_takes_no_more_either(site):
    site.pages.most = 1_000
    for number in range(500):
        ask(site, f"/list/?q={number}")
    assert site.pages.weight <= 1_000


@pytest.mark.parametrize("before", [0, 1], ids=["made", "kept"])
def test_head_has_the_same_headers_and_no_body(site, before):
    for _ in range(before):
        ask(site, "/kept/")
    head = ask(site, "/kept/", "HEAD")
    page = ask(site, "/kept/")
    assert (head.status, head.body, page.body) == (200, b"", b"page 1")
    assert {**head.headers, "X-Request-ID": ""} == {**page.headers, "X-Request-ID": ""}
    assert head.headers["Content-Length"] == "6"


@pytest.mark.parametrize("before", [0, 1], ids=["made", "kept"])
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_the_page_is_not_sent_it_again(site, before, form):
    tag = ask(site, "/kept/").headers["ETag"]
    if not before:
        site.pages.clear()
        asked.clear()
    again = ask(site, "/kept/", HTTP_IF_NONE_MATCH=form.format(tag))
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == tag
    assert "Content-Security-Policy" in again.headers
    assert not {"Content-Type", "Content-Length"} & again.headers.keys()
    # Whoever has not got it gets it whole.
    assert ask(site, "/kept/").body == b"page 1"


def test_another_tag_is_answered_whole(site):
    ask(site, "/kept/")
    assert ask(site, "/kept/", HTTP_IF_NONE_MATCH='"other"').status == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/counted/", 200),
        ("/personal/", 200),
        ("/cookie/", 200),
        ("/varies/", 200),
        ("/missing/", 404),
        ("/fails/", 500),
        ("/moved/", 301),
    ],
)
def test_it_never_keeps(site, path, status):
    for number in (1, 2):
        assert ask(site, path).status == status
        assert asked[path] == number
    assert not len(site.pages)


def test_a_post_is_not_answered_from_it(site):
    ask(site, "/kept/")
    assert ask(site, "/kept/", "POST").status == 403


def test_a_page_that_is_taken_away_is_forgotten(site, clock):
    assert ask(site, "/gone/").status == 200
    asked["now"] = 1
    assert ask(site, "/gone/").status == 200
    clock.now += 0.5
    assert ask(site, "/gone/").status == 410
    assert not len(site.pages)


def test_what_is_kept_for_one_scheme_and_host_is_for_no_other(site, settings):
    settings.SECURE_SSL_REDIRECT = True
    site = PageCache(WSGIHandler(), seconds=1)
    assert ask(site, "/kept/", **{"wsgi.url_scheme": "https"}).status == 200
    assert ask(site, "/kept/").status == 301
    assert ask(site, "/kept/", **{"wsgi.url_scheme": "https"}, HTTP_HOST="evil.example").status == 400


def test_it_can_be_turned_off(settings):
    settings.ROOT_URLCONF = __name__
    asked.clear()
    may_answer.set()
    off = PageCache(WSGIHandler(), seconds=0)
    assert [ask(off, "/kept/").body for _ in range(2)] == [b"page 1", b"page 2"]


def test_each_answer_is_one_line_in_the_log_that_tells_what_was_sent(site, caplog):
    caplog.set_level(logging.INFO, logger=request_log.logger.name)
    tag = ask(site, "/kept/7/").headers["ETag"]
    answers = [
        ask(site, "/kept/7/", HTTP_IF_NONE_MATCH=tag),
        ask(site, "/kept/7/", "HEAD"),
        ask(site, "/missing/"),
    ]
    lines = [
        (record.method, record.route, record.status) for record in caplog.records if hasattr(record, "route")
    ]
    assert lines == [
        ("GET", "kept/<int:number>/", 200),
        ("GET", "kept/<int:number>/", 304),
        ("HEAD", "kept/<int:number>/", 200),
        ("GET", "missing/", 404),
    ]
    ids = [record.request_id for record in caplog.records if hasattr(record, "route")]
    assert ids[1:] == [answer.headers["X-Request-ID"] for answer in answers]


def test_one_makes_it_anew_and_the_others_get_what_is_there(site, clock):
    ask(site, "/kept/")
    clock.now += 0.6
    may_answer.clear()
    with ThreadPoolExecutor(8) as crowd:
        first = crowd.submit(ask, site, "/kept/")
        until(lambda: asked["/kept/"] == 2, "asked again")
        assert {crowd.submit(ask, site, "/kept/").result(20).body for _ in range(7)} == {b"page 1"}
        may_answer.set()
        assert first.result(20).body == b"page 2"
    assert asked["/kept/"] == 2


def test_what_is_older_than_it_may_be_is_waited_for(site, clock):
    ask(site, "/kept/")
    clock.now += 1
    may_answer.clear()
    with ThreadPoolExecutor(8) as crowd:
        all_of_them = [crowd.submit(ask, site, "/kept/") for _ in range(8)]
        until(lambda: asked["/kept/"] == 2, "asked again")
        may_answer.set()
        assert {one.result(20).body for one in all_of_them} == {b"page 2"}
    assert asked["/kept/"] == 2


def test_nobody_waits_for_long(site, clock, monkeypatch):
    monkeypatch.setattr(pagecache, "LONGEST_WAIT", 0.01)
    ask(site, "/kept/")
    clock.now += 1
    may_answer.clear()
    with ThreadPoolExecutor(2) as crowd:
        both = [crowd.submit(ask, site, "/kept/") for _ in range(2)]
        until(lambda: asked["/kept/"] == 3, "both ask")
        may_answer.set()
        assert {one.result(20).status for one in both} == {200}


def test_the_next_one_makes_it_after_a_fault(site, clock, monkeypatch):
    ask(site, "/kept/")
    clock.now += 0.6
    with monkeypatch.context() as broken:
        broken.setattr(asked, "total", lambda: 1 / 0)
        assert ask(site, "/kept/").status == 500
    assert ask(site, "/kept/").status == 200
    assert not site._making


def test_a_kept_page_s_line_is_as_long_as_any_other(site, capsys):
    """The short way of writing it says the same as the long one."""
    from lib import logs

    record = logging.LogRecord("hundred.request", logging.INFO, "", 0, "request", None, None)
    facts = {"request_id": "0123456789ab", "status": 200, "ms": 0, "method": "GET", "route": "kept/"}
    record.__dict__.update(facts)
    written = logs.RequestLines(processors=[lambda *_: ""]).format(record)
    line = json.loads(written)
    assert {name: line[name] for name in facts} == facts
    assert (line["event"], line["level"], line["logger"]) == ("request", "info", "hundred.request")
    assert line["timestamp"].endswith("Z")
