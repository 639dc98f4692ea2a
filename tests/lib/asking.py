"""Requests that go the whole way through a WSGI application, as gunicorn sends them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(
    application: Callable[..., Iterable[bytes]], path: str, method: str = "GET", **environ: Any
) -> Answer:
    """Ask and read the answer to its end; `environ` is what else a server would say of the request."""
    said: list[tuple[str, list[tuple[str, str]]]] = []
    asked = RequestFactory().generic(method, path, **environ).environ
    with _connections_kept():
        chunks = application(asked, lambda status, headers, *_: said.append((status, headers)))
        body = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
    (status, headers) = said[0]
    return Answer(int(status.split()[0]), dict(headers), body)


@contextmanager
def _connections_kept() -> Iterator[None]:
    """Leave the test's own transaction open, as Django's test client does."""
    signals = [each for each in (request_started, request_finished) if each.disconnect(close_old_connections)]
    try:
        yield
    finally:
        for each in signals:
            each.connect(close_old_connections)
