"""The site as it is deployed: the shipped nginx configuration before the real gunicorn."""

import http.client
import re
import socket
import threading
from urllib.parse import urlencode

import pytest

from embedded.backup_database import Database
from signatures.identity import network_hash
from tests.deploy.conftest import Whole
from tests.deploy.fronting import hidden_fields
from tests.embedded.launching import until

# One deployed site for all of them.
pytestmark = pytest.mark.xdist_group("deploy")


@pytest.mark.parametrize("path", ["/", "/petitions/", "petition", "count.json"])
def test_it_keeps_public_pages(path: str, whole: Whole):
    path = {"petition": whole.petition, "count.json": f"{whole.petition}count.json"}.get(path, path)
    # What is kept for a second may be too old by the time a busy machine asks again.
    until(lambda: whole.front.ask(path).cache == "HIT", "kept", 30)
    kept = whole.front.ask(path)
    assert kept.status == 200
    assert "Set-Cookie" not in kept.headers


def test_it_answers_304_for_what_a_browser_has(whole: Whole):
    page = whole.front.ask(whole.petition)
    assert whole.front.ask(whole.petition, If_None_Match=page.headers["ETag"]).status == 304


@pytest.mark.parametrize(
    "path", ["sign/", "/accounts/login/", "/accounts/signup/", "/signatures/mine/", "/admin/login/"]
)
def test_it_keeps_no_personal_page(path: str, whole: Whole):
    path = path if path.startswith("/") else whole.petition + path
    answers = [whole.front.ask(path) for _ in range(3)]
    assert not {"HIT", "STALE", "UPDATING"} & {answer.cache for answer in answers}
    assert answers[0].status < 400
    cookies = [answer.headers["Set-Cookie"] for answer in answers]
    assert cookies[0] is None or len(set(cookies)) == 3


def test_it_knows_where_a_signature_came_from(whole: Whole):
    path = f"{whole.petition}sign/"
    form = whole.front.ask(path)
    cookie = form.headers["Set-Cookie"].split(";")[0]
    hidden = hidden_fields(form.body)
    typed = {"name": "Carol Singer", "email": "carol@example.org", "consent": "on"}
    whole.front.ask(
        path,
        "POST",
        urlencode({**hidden, **typed}).encode(),
        Cookie=cookie,
        Referer="https://localhost/",
        Content_Type="application/x-www-form-urlencoded",
        X_Forwarded_For="203.0.113.7",
    )
    found = Database(whole.database_url).ask(
        "SELECT encode(network_hash, 'hex') FROM signatures_signature WHERE email = 'carol@example.org'"
    )
    assert found == network_hash("127.0.0.1").hex()
    assert found != network_hash("203.0.113.7").hex()


def test_it_serves_static_files_for_good(whole: Whole):
    page = whole.front.ask("/").body
    for path in set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page)):
        kept = whole.front.ask(path, Accept_Encoding="identity")
        assert (kept.status, kept.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable"), (
            path
        )
        assert kept.headers["X-Content-Type-Options"] == "nosniff"


def test_it_sends_people_to_https(whole: Whole):
    line = http.client.HTTPConnection("127.0.0.1", whole.front.plain_port, timeout=10)
    line.request("GET", "/petitions/?page=2", headers={"Host": "localhost"})
    answer = line.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://localhost/petitions/?page=2")
    line.close()


def test_it_refuses_a_body_that_no_form_needs(whole: Whole):
    answer = whole.front.ask("/accounts/login/", "POST", b"x" * 1_100_000)
    assert answer.status == 413
    assert "That was too much at once" in answer.body


def test_it_hides_readiness_from_nobody_here(whole: Whole):
    assert whole.front.ask("/readyz").status == 200


def test_it_shows_what_it_has_and_else_a_page_of_its_own_when_gunicorn_is_gone(whole: Whole):
    whole.front.ask("/petitions/")
    whole.web.stop()
    try:
        old = whole.front.ask("/petitions/")
        assert (old.status, "Petitions" in old.body) == (200, True)
        for method, body in (("GET", None), ("POST", b"name=Carol")):
            away = whole.front.ask("/accounts/login/", method, body)
            assert away.status == 503
            assert away.headers["Retry-After"] == "30"
            assert away.headers["Cache-Control"] == "no-store"
            assert "We are away for a moment" in away.body
            assert "If you have just sent something: it did not get through." in away.body
            assert "what you typed is there again" in away.body
            assert "Otherwise load this page again in a minute." in away.body
        it_needs_nothing_but_nginx(whole, away.body)
    finally:
        whole.web.start()


def it_needs_nothing_but_nginx(whole: Whole, page: str) -> None:
    files = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    assert len(files) >= 3
    for path in files:
        assert whole.front.ask(path).status == 200, path


def test_it_refuses_nobody_while_the_web_server_is_restarted(whole: Whole):
    whole.web.stop()
    with socket.create_server(("127.0.0.1", whole.web.port), backlog=512) as held:
        whole.web.start(held)
        statuses: list[int] = []
        enough = threading.Event()

        def visit() -> None:
            while not enough.is_set():
                statuses.append(whole.front.ask("/accounts/login/").status)

        visitors = [threading.Thread(target=visit) for _ in range(4)]
        for visitor in visitors:
            visitor.start()
        until(lambda: len(statuses) > 10, "visits")
        whole.web.stop()
        whole.web.start(held)
        seen = len(statuses)
        until(lambda: len(statuses) > seen + 10, "more visits")
        enough.set()
        for visitor in visitors:
            visitor.join(30)
    assert set(statuses) == {200}
