"""One id from a request to the tasks it starts, in every log line and on the error page."""

import secrets

import structlog
from celery.signals import before_task_publish, task_postrun, task_prerun

HEADER = "hundred_request_id"


def new() -> str:
    """Return a fresh id."""
    return secrets.token_hex(6)


def start(request_id: str | None = None) -> str:
    """Begin a new unit of work under this id, or a fresh one, and return it."""
    request_id = request_id or new()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    return request_id


def current() -> str:
    """Return the id of the work under way, or an empty string."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def connect() -> None:
    """Carry the id along with every task; Celery's application calls this once."""
    before_task_publish.connect(_send, weak=False)
    task_prerun.connect(_receive, weak=False)
    task_postrun.connect(_forget, weak=False)


def _send(headers: dict[str, object] | None = None, **_: object) -> None:
    if headers is not None and current():
        headers[HEADER] = current()


def _receive(task: object = None, **_: object) -> None:
    sent = getattr(getattr(task, "request", None), HEADER, None)
    start(sent if isinstance(sent, str) else None)


def _forget(**_: object) -> None:
    structlog.contextvars.clear_contextvars()
