"""The environment, read once into typed values; every missing or unsafe one is named at the same time."""

import os
import sys
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_KEY = 50


@dataclass(frozen=True)
class Environment:
    """What the operator decides; `.env.example` explains each value."""

    secret_key: str
    identity_key: str
    debug: bool
    local: bool
    allowed_hosts: list[str]
    site_url: str
    site_name: str
    operator_name: str
    contact_email: str
    database: dict[str, Any]
    replica: dict[str, Any] | None
    database_pooled: bool
    redis_url: str
    email: dict[str, Any] | None
    default_from_email: str
    trusted_proxy_count: int
    staff_mfa_required: bool
    data_dir: Path
    static_root: Path
    queue_prefix: str
    log_level: str
    page_cache_seconds: float
    web_concurrency: int
    celery_concurrency: int
    moderation_amber_hours: int
    moderation_overdue_hours: int
    resubmissions_max: int
    objection_days: int


class _Reader:
    """Collects complaints instead of stopping at the first one."""

    def __init__(self) -> None:
        self.env = environ.Env()
        self.complaints: list[str] = []

    def take(self, kind: str, name: str, default: Any = environ.Env.NOTSET) -> Any:
        """Return the typed value; a missing or malformed one becomes a complaint and None."""
        if default is environ.Env.NOTSET and not os.environ.get(name):
            return self.complain(f"{name} is not set")
        try:
            return getattr(self.env, kind)(name, default=default)
        except (ImproperlyConfigured, ValueError, TypeError, KeyError) as fault:
            return self.complain(f"{name} cannot be read: {fault}")

    def complain(self, sentence: str) -> None:
        """Remember one sentence for the end."""
        self.complaints.append(sentence)


def read() -> Environment:
    """Read and check everything, or raise ImproperlyConfigured with one line for each complaint."""
    reader = _Reader()
    found = _values(reader)
    _check(found, reader)
    if reader.complaints:
        raise ImproperlyConfigured("\n".join(["The environment is not complete:", *reader.complaints]))
    return Environment(**found)


def read_or_end() -> Environment:
    """Read and check everything, or end the process with the complaints and nothing else."""
    try:
        return read()
    except ImproperlyConfigured as fault:
        sys.exit(str(fault))


def _values(reader: _Reader) -> dict[str, Any]:
    take = reader.take
    local = take("bool", "LOCAL", False)
    site_url = take("str", "SITE_URL")
    return {
        "secret_key": take("str", "SECRET_KEY"),
        "identity_key": take("str", "IDENTITY_KEY"),
        "debug": take("bool", "DEBUG", False),
        "local": local,
        "allowed_hosts": take("list", "ALLOWED_HOSTS"),
        "site_url": site_url.rstrip("/") if site_url else site_url,
        "site_name": take("str", "SITE_NAME", "Hundred"),
        "redis_url": take("str", "REDIS_URL"),
        "database": _database(reader, "DATABASE_URL"),
        "replica": _replica(reader),
        "database_pooled": take("bool", "DATABASE_POOLED", False),
        "trusted_proxy_count": _proxies(reader, local),
        "staff_mfa_required": take("bool", "STAFF_MFA_REQUIRED", not local),
        "data_dir": Path(take("str", "DATA_DIR", ".data")).resolve(),
        "static_root": Path(take("str", "STATIC_ROOT", str(ROOT / "staticfiles"))),
        "queue_prefix": take("str", "CELERY_QUEUE_PREFIX", ""),
        "log_level": take("str", "LOG_LEVEL", "INFO"),
        "page_cache_seconds": take("float", "PAGE_CACHE_SECONDS", 1.0),
        "web_concurrency": _processes(reader, "WEB_CONCURRENCY"),
        "celery_concurrency": _processes(reader, "CELERY_CONCURRENCY"),
        **_mail(reader, local),
        **_desk(reader),
    }


def _proxies(reader: _Reader, local: bool) -> Any:
    """Read how many proxies to believe; https has one, and without its word every page would lead to itself for ever."""
    name = "TRUSTED_PROXY_COUNT"
    if not local and not os.environ.get(name):
        return reader.complain(f"{name} is not set; say how many proxies stand in front, 0 if there is none")
    number = reader.take("int", name, 0)
    return number if number is None or number >= 0 else reader.complain(f"{name} must be 0 or more")


def _processes(reader: _Reader, name: str) -> Any:
    number = reader.take("int", name, 2)
    return number if number is None or number > 0 else reader.complain(f"{name} must be 1 or more")


def _desk(reader: _Reader) -> dict[str, Any]:
    """Read what holds at the moderators' desk."""
    take = reader.take
    found = {
        "moderation_amber_hours": take("int", "MODERATION_AMBER_HOURS", 24),
        "moderation_overdue_hours": take("int", "MODERATION_OVERDUE_HOURS", 72),
        "resubmissions_max": take("int", "RESUBMISSIONS_MAX", 3),
        "objection_days": take("int", "OBJECTION_DAYS", 183),
    }
    for name, number in found.items():
        if number is not None and number < 1:
            reader.complain(f"{name.upper()} must be 1 or more")
    return found


def _database(reader: _Reader, name: str) -> Any:
    """Read where PostgreSQL is; no other engine keeps this site's promises (docs/decisions/0001)."""
    url = os.environ.get(name, "")
    if url and not url.startswith(("postgres://", "postgresql://")):
        return reader.complain(f"{name} must begin with postgres://")
    return reader.take("db_url", name)


def _replica(reader: _Reader) -> Any:
    """Read where public pages are read, if not where everything is."""
    name = "DATABASE_REPLICA_URL"
    return _database(reader, name) if os.environ.get(name) else None


def _mail(reader: _Reader, local: bool) -> dict[str, Any]:
    """Read what the operator is called and how mail leaves; on a laptop it stays in a folder."""
    take = reader.take
    needed = environ.Env.NOTSET
    stays = local and not os.environ.get("EMAIL_URL")
    return {
        "operator_name": take("str", "OPERATOR_NAME", "this site’s operator" if local else needed),
        "contact_email": take("str", "CONTACT_EMAIL", "admin@localhost.localdomain" if local else needed),
        "default_from_email": take(
            "str", "DEFAULT_FROM_EMAIL", "hundred@localhost.localdomain" if local else needed
        ),
        "email": None if stays else take("email_url", "EMAIL_URL"),
    }


def _check(found: dict[str, Any], reader: _Reader) -> None:
    for name in ("secret_key", "identity_key"):
        if found[name] and len(found[name]) < SHORTEST_KEY:
            reader.complain(f"{name.upper()} is shorter than {SHORTEST_KEY} characters")
    if found["secret_key"] and found["secret_key"] == found["identity_key"]:
        reader.complain("SECRET_KEY and IDENTITY_KEY are the same; they must be two keys")
    if (found["page_cache_seconds"] or 0) < 0:
        reader.complain("PAGE_CACHE_SECONDS must be 0 or more")
    for host in found["allowed_hosts"] or []:
        if host.startswith((".", "*")):
            reader.complain(f"ALLOWED_HOSTS has {host!r}; name each host, without wildcards")
    if found["site_url"]:
        _check_address(found, reader)


def _check_address(found: dict[str, Any], reader: _Reader) -> None:
    site = urlsplit(found["site_url"])
    if site.scheme not in ("http", "https") or not site.hostname:
        reader.complain("SITE_URL must begin with https:// and name a host")
    elif found["local"]:
        _check_loopback(site.hostname, reader)
    elif site.scheme != "https":
        reader.complain("SITE_URL must begin with https:// unless LOCAL=1")
    if found["debug"] and not found["local"]:
        reader.complain("DEBUG=1 shows secrets to visitors; it is allowed only with LOCAL=1")


def _check_loopback(hostname: str, reader: _Reader) -> None:
    for name, host in (("SITE_URL", hostname), ("HOST", os.environ.get("HOST", "127.0.0.1"))):
        if not is_loopback(host):
            reader.complain(f"LOCAL=1 is for one machine, but {name} is {host}; use localhost or unset LOCAL")


def is_loopback(host: str) -> bool:
    """Say whether the host is this machine and nobody else can reach it."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
