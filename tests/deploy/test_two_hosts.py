"""Two web hosts behind one nginx, with nothing between them but the database and Redis; nobody is bound to either."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import IncompleteRead
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.deploy.conftest import Whole, answer_to
from tests.deploy.fronting import ROOT, Answer, Front, Gunicorn, free_ports, hidden_fields, nginx
from tests.embedded.launching import until

pytestmark = pytest.mark.xdist_group("deploy")

PASSWORD = "a bridge over the river"
LOGIN, MINE = "/accounts/login/", "/signatures/mine/"
PREPARE = """
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
from allauth.account.models import EmailAddress
from accounts.models import User
for name in ("nora", "olaf", "paula"):
    user = User.objects.create_user(f"{name}@example.org", "a bridge over the river", name=name.title())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
"""


@dataclass(frozen=True)
class Two:
    """Both hosts, and nginx before them."""

    front: Front
    first: Gunicorn
    second: Gunicorn
    whole: Whole


@dataclass
class Browser:
    """Somebody whose every request may meet another host."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)

    def ask(self, host: Gunicorn | Front, path: str, typed: dict[str, str] | None = None) -> Answer:
        """Get a page, or send the form of the page before to this host."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = None if typed is None else urlencode({**self.hidden, **typed}).encode()
        answer = host.ask(
            path,
            "GET" if sent is None else "POST",
            sent,
            Cookie=cookie,
            Referer="https://localhost/",
            Content_Type="application/x-www-form-urlencoded",
            **self._from(host),
        )
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        self.hidden = hidden_fields(answer.body) or self.hidden
        return answer

    def _from(self, host: Gunicorn | Front) -> dict[str, str]:
        """Say to a host what nginx would say; nginx finds out itself."""
        return {"X_Forwarded_For": self.address} if isinstance(host, Gunicorn) else {}


@pytest.fixture(scope="module")
def two(whole: Whole, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("second")
    own = {"STATIC_ROOT": str(folder / "static"), "DATA_DIR": str(folder / "data")}
    environ = whole.web.environ | own
    command = [sys.executable, "manage.py", "shell", "--verbosity=0", "-c", PREPARE]
    subprocess.run(command, env=environ, cwd=ROOT, check=True)
    second = Gunicorn(environ, free_ports(1)[0], folder / "gunicorn.log")
    second.start()
    try:
        with nginx(folder, whole.web.port, second.port) as front:
            yield Two(front, whole.web, second, whole)
    finally:
        second.stop()


def test_somebody_who_signed_in_on_one_acts_on_the_other(two: Two):
    nora = Browser("203.0.113.1")
    nora.ask(two.first, LOGIN)
    answer = nora.ask(two.second, LOGIN, {"login": "nora@example.org", "password": PASSWORD})
    assert answer.status == 302
    assert "sessionid" in nora.cookies
    for host in (two.first, two.second):
        assert nora.ask(host, MINE).status == 200
    form, before = f"{two.whole.petition}sign/", signatures(two.first, two)
    nora.ask(two.first, form)
    signed = nora.ask(two.second, form, {"name": "Nora", "consent": "on"})
    assert signed.status == 302
    assert (signatures(two.first, two), signatures(two.second, two)) == (before + 1, before + 1)
    assert urlsplit(two.whole.petition).path in nora.ask(two.first, MINE).body
    nora.ask(two.second, "/accounts/logout/", {})
    assert nora.ask(two.first, MINE).status == 302


def test_a_link_in_a_mail_is_the_sites_and_works_on_either(two: Two):
    piet, form = Browser("203.0.113.2"), f"{two.whole.petition}sign/"
    piet.ask(two.first, form)
    typed = {"name": "Piet", "email": "piet@example.org", "consent": "on"}
    assert piet.ask(two.first, form, typed).status == 302
    question = "SELECT context->>'confirm_url' FROM outbox_message WHERE to_address = 'piet@example.org'"
    link = urlsplit(str(answer_to(two.whole.database_url, question)[0]))
    assert (link.scheme, link.netloc) == ("https", "localhost")
    piet.ask(two.second, link.path)
    assert piet.ask(two.second, link.path, {"name": "Piet", "consent": "on"}).status == 302
    # A form that is filled as quickly as this is looked at first.
    assert state_of("piet@example.org", two) in {"confirmed", "held"}


def test_somebody_signs_in_and_signs_through_nginx(two: Two):
    paula, form = Browser("as nginx sees it"), f"{two.whole.petition}sign/"
    paula.ask(two.front, LOGIN)
    answer = paula.ask(two.front, LOGIN, {"login": "paula@example.org", "password": PASSWORD})
    assert answer.status == 302
    before = signatures(two.first, two)
    paula.ask(two.front, form)
    assert paula.ask(two.front, form, {"name": "Paula", "consent": "on"}).status == 302
    assert signatures(two.second, two) == before + 1
    assert urlsplit(two.whole.petition).path in paula.ask(two.front, MINE).body


def test_a_visitor_asks_and_confirms_through_nginx(two: Two):
    quentin, form = Browser("as nginx sees it"), f"{two.whole.petition}sign/"
    quentin.ask(two.front, form)
    typed = {"name": "Quentin", "email": "quentin@example.org", "consent": "on"}
    asked = quentin.ask(two.front, form, typed)
    assert asked.status == 302
    assert quentin.ask(two.front, asked.headers["Location"]).status == 200
    question = "SELECT context->>'confirm_url' FROM outbox_message WHERE to_address = 'quentin@example.org'"
    link = urlsplit(str(answer_to(two.whole.database_url, question)[0]))
    page = quentin.ask(two.front, link.path)
    assert page.headers["Cache-Control"] == "private, no-store"
    confirmed = quentin.ask(two.front, link.path, {"name": "Quentin", "consent": "on"})
    assert confirmed.status == 302
    assert quentin.ask(two.front, confirmed.headers["Location"]).status == 200
    assert state_of("quentin@example.org", two) in {"confirmed", "held"}


def state_of(email: str, two: Two) -> str:
    question = f"SELECT state FROM signatures_signature WHERE email = '{email}'"
    return str(answer_to(two.whole.database_url, question)[0])


def signatures(host: Gunicorn, two: Two) -> int:
    return int(json.loads(host.ask(f"{two.whole.petition}count.json").body)["signatures"])


def test_who_guesses_passwords_is_stopped_by_both(two: Two):
    """Five wrong ones, by turns; then neither host listens, from wherever they come."""
    hosts = [two.first, two.second]
    for number in range(5):
        guesser = Browser(f"203.0.113.{10 + number}")
        guesser.ask(hosts[number % 2], LOGIN)
        guesser.ask(hosts[number % 2], LOGIN, {"login": "olaf@example.org", "password": "a ferry"})
    for host in hosts:
        olaf = Browser("203.0.113.99")
        olaf.ask(host, LOGIN)
        olaf.ask(host, LOGIN, {"login": "olaf@example.org", "password": PASSWORD})
        assert olaf.ask(host, MINE).status == 302


def test_they_name_static_files_alike(two: Two):
    """So a page of one may ask the other for its files, and any cache may keep them."""
    roots = [Path(host.environ["STATIC_ROOT"]) for host in (two.first, two.second)]
    first, second = (json.loads((root / "staticfiles.json").read_text()) for root in roots)
    assert first == second
    assert roots[0] != roots[1]
    assert two.first.ask("/").body == two.second.ask("/").body


def test_losing_one_loses_no_page(two: Two):
    """Pages that nobody may keep, while one host is killed: each request that it took with it is asked of the other.

    Of an answer that had begun nginx has passed on the head: it is seen to be cut off, and its visitor asks again.
    """
    visits = [Visits(two.front) for _ in range(4)]
    try:
        until(lambda: sum(len(each.statuses) for each in visits) > 10, "visits", 60)
        two.second.kill()
        seen = [len(each.statuses) for each in visits]
        until(
            lambda: all(len(each.statuses) > had + 5 for each, had in zip(visits, seen, strict=True)),
            "more visits by each",
            60,
        )
    finally:
        for each in visits:
            each.end()
        two.second.start()
    assert {status for each in visits for status in each.statuses} == {200}
    assert max(each.cut_off for each in visits) <= 1


class Visits(threading.Thread):
    """Somebody who asks for one page again and again, also after an answer that broke off."""

    def __init__(self, front: Front) -> None:
        super().__init__()
        self.statuses: list[int] = []
        self.cut_off = 0
        self._front, self._enough = front, threading.Event()
        self.start()

    def run(self) -> None:
        while not self._enough.is_set():
            try:
                self.statuses.append(self._front.ask(LOGIN).status)
            except IncompleteRead:
                self.cut_off += 1

    def end(self) -> None:
        self._enough.set()
        self.join(60)
