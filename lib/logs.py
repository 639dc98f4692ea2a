"""How log lines look: JSON, or plain on a laptop, always with the request id and never with personal data."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

# An address or a long token that slipped into a message (say, of an SMTP server's answer) is blanked.
_ADDRESS = re.compile(r"[^\s<>\"'@]+@[^\s<>\"'@]+")
_TOKEN = re.compile(r"[A-Za-z0-9_\-:=.]{32,}")


def scrub(text: str) -> str:
    """Return the text without e-mail addresses and tokens."""
    return _TOKEN.sub("[token]", _ADDRESS.sub("[address]", text))


def _scrubbed(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    event["event"] = scrub(str(event.get("event", "")))
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.stdlib.ExtraAdder(allow=["request_id", "status", "ms", "method", "route"]),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _scrubbed,
]


def _formatter(renderer: Any, *, plain: bool) -> dict[str, Any]:
    return {
        "()": structlog.stdlib.ProcessorFormatter if plain else RequestLines,
        "foreign_pre_chain": _SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            renderer,
        ],
    }


class RequestLines(structlog.stdlib.ProcessorFormatter):
    """Writes the line of a request straight away: it holds nothing to blank, and there is one for each request."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; all but that of a request goes the long way."""
        request_id = getattr(record, "request_id", "")
        return _request_line(record, request_id) if request_id else super().format(record)


def _request_line(record: logging.LogRecord, request_id: str) -> str:
    facts = record.__dict__
    line = {
        "event": record.msg,
        "request_id": request_id,
        "level": record.levelname.lower(),
        "logger": record.name,
        **{name: facts[name] for name in ("status", "ms", "method", "route")},
        "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
    }
    return json.dumps(line)


def configuration(*, level: str, plain: bool) -> dict[str, Any]:
    """Return the value of Django's LOGGING: everything to standard error, JSON unless `plain`."""
    renderer = structlog.dev.ConsoleRenderer(colors=False) if plain else structlog.processors.JSONRenderer()
    quiet = {"level": "ERROR", "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": _formatter(renderer, plain=plain)},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Our own request line replaces Django's, which writes the whole path with its tokens.
            "django.request": {"level": "CRITICAL", "propagate": False},
            "django.server": quiet,
            "django.security.DisallowedHost": quiet,
        },
    }
