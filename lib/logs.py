"""How log lines look: JSON, or plain on a laptop, always with the request id and never with personal data."""

import re
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
    structlog.stdlib.ExtraAdder(allow=["status", "ms", "method", "route"]),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _scrubbed,
]


def _formatter(renderer: Any) -> dict[str, Any]:
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            renderer,
        ],
    }


def configuration(*, level: str, plain: bool) -> dict[str, Any]:
    """Return the value of Django's LOGGING: everything to standard error, JSON unless `plain`."""
    renderer = structlog.dev.ConsoleRenderer(colors=False) if plain else structlog.processors.JSONRenderer()
    quiet = {"level": "ERROR", "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": _formatter(renderer)},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Our own request line replaces Django's, which writes the whole path with its tokens.
            "django.request": {"level": "CRITICAL", "propagate": False},
            "django.server": quiet,
            "django.security.DisallowedHost": quiet,
        },
    }
