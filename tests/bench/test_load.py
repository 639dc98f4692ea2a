"""The load generators send what they are told to and see what comes back; the mail server counts everything."""

import smtplib
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bench import load, sink
from bench.arrivals import answered, source
from bench.load import Refused, Target
from tests.chaos.crowd import Request
from tests.embedded.launching import until


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Load generators hang up in the end."""


class Server:
    """Answers with a status that the path names, and notes what it was asked."""

    def __init__(self) -> None:
        self.bodies: Counter[str] = Counter()
        self.clients: Counter[str] = Counter()
        # After so many everything is answered with this.
        self.pages, self.afterwards = 1_000_000, 302
        notes = self

        class Page(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                notes.clients[self.client_address[0]] += 1
                notes.bodies[self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()] += 1
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                is_over = notes.bodies.total() > notes.pages
                self.send_response(notes.afterwards if is_over else int(self.path.strip("/") or 200))
                self.send_header("Content-Length", "5")
                self.end_headers()
                self.wfile.write(b"Hello")

            do_POST = do_GET  # noqa: N815 - the library's name

            def log_message(self, *_: Any) -> None:
                pass

        self._server = _Quiet(("127.0.0.1", 0), Page)
        self.target = Target(self._server.server_port, "localhost")
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.fixture(params=["wrk", "our own"], autouse=True)
def generator(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "our own":
        monkeypatch.setattr(load, "WRK", None)
    elif not load.WRK:
        pytest.skip("wrk is not installed")


def posts(number: int, status: int = 302) -> list[Request]:
    return [Request(f"/{status}", f"number={each}") for each in range(number)]


@pytest.mark.parametrize("number", [3, 100])
def test_each_request_is_sent_once(server: Server, number: int):
    reply = load.once(server.target, posts(number))
    assert (reply.answered, reply.statuses) == (number, {302: number})
    assert server.bodies == Counter(f"number={each}" for each in range(number))
    assert reply.rate == pytest.approx(number / reply.seconds)


def test_an_answer_that_was_not_expected_ends_the_run(server: Server):
    with pytest.raises(Refused, match="404"):
        load.once(server.target, [*posts(5), *posts(1, 404)])
    with pytest.raises(Refused, match="200"):
        load.once(server.target, [*posts(5), *posts(1, 200)])


def test_a_refusal_among_pages_ends_the_run(server: Server):
    server.pages, server.afterwards = 10, 500
    with pytest.raises(Refused, match="refusals"):
        load.again(server.target, posts(1, 200), 1)


@pytest.mark.parametrize("status", [302, 500])
def test_only_pages_are_asked_for_again(server: Server, status: int):
    with pytest.raises(Refused, match=f"{status}, not 200"):
        load.again(server.target, posts(1, status), 1)


def test_what_stops_being_a_page_meanwhile_is_found(server: Server):
    server.pages = 10
    with pytest.raises(Refused, match=r"302.*not 200"):
        load.again(server.target, posts(1, 200), 1)


def test_requests_go_round_and_round(server: Server):
    reply = load.again(server.target, posts(3, 200), 1, connections=2)
    assert set(server.bodies) == {"number=0", "number=1", "number=2"}
    assert reply.answered >= 3
    assert 0 < reply.p50 <= reply.p99


def test_readers_go_on_until_they_are_told_to_end(server: Server):
    with load.begin(server.target, posts(2, 200), 600, connections=3, pause=1) as readers:
        until(lambda: server.bodies.total() > 50, "reads", 30)
        reply = readers.end()
    assert reply.answered > 40
    assert reply.seconds < 30


def test_nobody_answers(server: Server):
    server.close()
    with pytest.raises(Refused):
        load.again(server.target, posts(1), 1)


def test_people_come_from_addresses_of_their_own(server: Server):
    """The load generator does not matter here."""
    raw = server.target.raw(Request("/302", "a=b"))
    arrivals = [(nth / 100, source(nth * 60_000), raw) for nth in range(20)]
    seen = answered(server.target.port, arrivals, tls=False)
    assert {status for status, _ in seen} == {302}
    assert len(server.clients) == 20


@pytest.fixture
def mails() -> Iterator[sink.Counted]:
    with sink.running() as running:
        yield running


def send(mails: sink.Counted, *numbers: int, text: str = "Hello\n.\n") -> None:
    with smtplib.SMTP("127.0.0.1", mails.port) as line:
        for number in numbers:
            mail = EmailMessage()
            mail["From"], mail["To"] = "post@example.org", f"carol-{number}@example.org"
            mail["Message-ID"], mail["X-Mail-Kind"] = f"<{number}@example.org>", "hello"
            mail.set_content(text)
            line.send_message(mail)


def test_the_mail_server_sees_what_comes_twice(mails: sink.Counted):
    send(mails, 1, 2)
    once = mails.report()["hello"]
    assert (once["mails"], once["recipients"]) == (2, 2)
    send(mails, 2)
    twice = mails.report()["hello"]
    assert (twice["mails"], twice["recipients"]) == (3, 2)
    assert twice["digest"] == once["digest"]
    assert mails.count("hello")[0] == 3
    assert mails.count("nothing") == (0, 0.0, 0.0)


def test_who_follows_is_told_the_links(mails: sink.Counted):
    link = f"https://petitions.example/signatures/confirm/7:{'x' * 90}/"
    with socket.create_connection(("127.0.0.1", mails.talk), 20) as line, line.makefile("rwb") as talk:
        talk.write(b"follow\n")
        talk.flush()
        talk.readline()
        send(mails, 7, text=f"Confirm: {link}\n")
        assert talk.readline().decode() == f"carol-7@example.org {link}\n"
