"""A small cache of public pages in each process, in front of everything else (docs/decisions/0014).

A page is kept only where its view says so (`lib.web.public.kept_page`), for at most `seconds` from the moment at which
its making began. In the second half of that time one request makes it anew; the others get what is there.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl

from django.utils.http import parse_etags

from lib import requestid
from lib.shelf import Shelf
from lib.web import request_log, terms
from lib.web.terms import Terms

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Address = tuple[str, ...]
Key = tuple[Address, tuple[tuple[str, str], ...]]

MOST_BYTES = 8 * 1024 * 1024
MOST_ADDRESSES = 1_000
# A page that takes longer to be made is made by whoever waits for it.
LONGEST_WAIT = 2.0
_NOT_ON_304 = frozenset({"content-type", "content-length"})
_NEVER_KEPT = frozenset({"set-cookie", "vary"})


@dataclass(frozen=True)
class Page:
    """A whole answer, and since when it is true."""

    headers: Headers
    body: bytes
    etag: str
    route: str
    since: float


class PageCache:
    """WSGI middleware that answers for a moment what was just answered; `seconds=0` turns it off."""

    def __init__(self, application: Application, *, seconds: float) -> None:
        self.application = application
        self.seconds = seconds
        self.pages: Shelf[Key, Page] = Shelf(MOST_BYTES)
        self.reads: Shelf[Address, tuple[str, ...]] = Shelf(MOST_ADDRESSES)
        self._making: dict[Key, threading.Event] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from what is kept, else let the application answer."""
        if self.seconds <= 0 or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.application(environ, start_response)
        key = self._key(environ)
        if key is None:
            return self._make(environ, start_response, None)
        page = self._younger_than(self.seconds / 2, key)
        return _again(page, environ, start_response) if page else self._in_turn(environ, start_response, key)

    def _key(self, environ: Environ) -> Key | None:
        """Return what tells this page from others, or None where it is not known yet what its view reads."""
        address = _address(environ)
        reads = self.reads.get(address)
        return None if reads is None else (address, _read(environ, reads))

    def _younger_than(self, seconds: float, key: Key) -> Page | None:
        page = self.pages.get(key)
        return page if page and monotonic() - page.since < seconds else None

    def _in_turn(self, environ: Environ, start_response: StartResponse, key: Key) -> Iterable[bytes]:
        """Make the page, or give what another thread is just making anew."""
        with self._lock:
            other = self._making.get(key)
            if other is None:
                mine = self._making[key] = threading.Event()
        if other:
            page = self._of_another(other, key)
            return _again(page, environ, start_response) if page else self._make(environ, start_response, key)
        try:
            page = self._younger_than(self.seconds / 2, key)
            return _again(page, environ, start_response) if page else self._make(environ, start_response, key)
        finally:
            del self._making[key]
            mine.set()

    def _of_another(self, other: threading.Event, key: Key) -> Page | None:
        page = self._younger_than(self.seconds, key)
        if page is None:
            other.wait(LONGEST_WAIT)
            page = self._younger_than(self.seconds, key)
        return page

    def _make(self, environ: Environ, start_response: StartResponse, key: Key | None) -> Iterable[bytes]:
        began = monotonic()
        given = environ[terms.PLACE] = Terms()
        said: list[tuple[str, Headers]] = []
        answer = self.application(environ, lambda status, headers, *_: said.append((status, headers)))
        status, headers = said[0]
        if not given.are_given:
            if key:
                self.pages.drop(key)
            start_response(status, headers)
            return answer
        page = _page(given, headers, b"".join(answer), began)
        _close(answer)
        if _is_for_everybody(page):
            self._keep(environ, given, page)
        return _sent(page, environ, start_response, dict(headers).get("X-Request-ID", ""), began)

    def _keep(self, environ: Environ, given: Terms, page: Page) -> None:
        address = _address(environ)
        key = address, _read(environ, given.reads)
        there = self.pages.get(key)
        # Of two that were made at the same time, the one that was begun later is the truer.
        if there is None or there.since < page.since:
            self.reads.put(address, given.reads)
            self.pages.put(key, page, len(page.body))


def _address(environ: Environ) -> Address:
    """Return what every answer depends on. Which scheme and host are ours is known to whoever answers."""
    scheme, proto = environ["wsgi.url_scheme"], environ.get("HTTP_X_FORWARDED_PROTO", "")
    return scheme, proto, environ.get("HTTP_HOST", ""), environ.get("SCRIPT_NAME", ""), environ["PATH_INFO"]


def _read(environ: Environ, reads: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the part of the query that the view reads; what others append to addresses makes no new page."""
    query = environ.get("QUERY_STRING", "")
    if not query or not reads:
        return ()
    return tuple(pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] in reads)


def _is_for_everybody(page: Page) -> bool:
    """Believe the view only where the whole answer, with what middleware has added, agrees with it."""
    names = {name.lower(): value for name, value in page.headers}
    return names.get("cache-control", "").startswith("public") and not names.keys() & _NEVER_KEPT


def _page(given: Terms, headers: Headers, body: bytes, since: float) -> Page:
    kept = [(name, value) for name, value in headers if name != "X-Request-ID"]
    return Page(kept, body, dict(headers)["ETag"], given.route or "", since)


def _again(page: Page, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    return _sent(page, environ, start_response, requestid.new(), monotonic())


def _sent(
    page: Page, environ: Environ, start_response: StartResponse, request_id: str, began: float
) -> Iterable[bytes]:
    method, headers, body = environ["REQUEST_METHOD"], page.headers, [page.body]
    is_known = "HTTP_IF_NONE_MATCH" in environ and _is_known(page.etag, environ["HTTP_IF_NONE_MATCH"])
    if is_known:
        headers = [pair for pair in headers if pair[0].lower() not in _NOT_ON_304]
    request_log.write(method, page.route, 304 if is_known else 200, began, request_id)
    start_response("304 Not Modified" if is_known else "200 OK", [*headers, ("X-Request-ID", request_id)])
    return [] if is_known or method == "HEAD" else body


def _is_known(etag: str, asked: str) -> bool:
    """Compare weakly, as HTTP wants it for pages."""
    known = {each.removeprefix("W/") for each in parse_etags(asked)}
    return bool(known & {"*", etag.removeprefix("W/")})


def _close(answer: Iterable[bytes]) -> None:
    close = getattr(answer, "close", None)
    if close:
        close()
