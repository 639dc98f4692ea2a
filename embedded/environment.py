"""The settings of a site that `make run` starts: what the environment says wins over what we choose."""

import ipaddress
import shlex
from collections.abc import Mapping, MutableMapping
from urllib.parse import urlsplit

from embedded import lock
from embedded.data_dir import DataDir, write_private
from embedded.trouble import Trouble

# What `manage.py` in another terminal must know to be part of the same site.
SETTINGS = (
    *(
        "SECRET_KEY",
        "IDENTITY_KEY",
        "DEBUG",
        "LOCAL",
        "ALLOWED_HOSTS",
        "HOST",
        "PORT",
        "DATA_DIR",
        "STATIC_ROOT",
    ),
    *("SITE_URL", "SITE_NAME", "OPERATOR_NAME", "CONTACT_EMAIL", "ADMIN_EMAIL", "STAFF_MFA_REQUIRED"),
    *("DATABASE_REPLICA_URL", "DATABASE_POOLED"),
    *("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "TRUSTED_PROXY_COUNT"),
    *("CELERY_QUEUE_PREFIX", "LOG_LEVEL", "PAGE_CACHE_SECONDS"),
    *("MODERATION_AMBER_HOURS", "MODERATION_OVERDUE_HOURS", "RESUBMISSIONS_MAX", "OBJECTION_DAYS"),
)


def chosen(environ: Mapping[str, str], data: DataDir, made: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment for the site's processes; `made` are keys and URLs of our own."""
    defaults = {
        "HOST": "127.0.0.1",
        "PORT": "8000",
        "LOCAL": "1",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "ADMIN_EMAIL": "admin@localhost.localdomain",
        **made,
    }
    given = {name: value for name, value in environ.items() if value}
    settings = defaults | given | {"DATA_DIR": str(data.path)}
    return {"SITE_URL": f"http://localhost:{settings['PORT']}"} | settings


def check_local(settings: Mapping[str, str]) -> None:
    """Refuse to open a local site, with its relaxed rules, to other machines."""
    if not is_local(settings):
        return
    for name, host in (
        ("HOST", settings["HOST"]),
        ("SITE_URL", urlsplit(settings["SITE_URL"]).hostname or ""),
    ):
        if not is_loopback(host):
            line = (
                f"{name}={settings[name]} is not this machine alone, and `make run` is for this machine only"
            )
            raise Trouble(f"{line}. README.md tells how to run a public site.")


def is_local(settings: Mapping[str, str]) -> bool:
    """Tell whether the site is meant for this machine alone."""
    return settings["LOCAL"].lower() in {"1", "true", "yes", "on"}


def is_loopback(host: str) -> bool:
    """Tell whether the host can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def write(data: DataDir, settings: Mapping[str, str]) -> None:
    """Leave the running site's settings for `manage.py` in another terminal."""
    lines = [f"{name}={shlex.quote(settings[name])}\n" for name in SETTINGS if settings.get(name)]
    write_private(data.environment, "".join(lines))


def adopt(environ: MutableMapping[str, str], data: DataDir) -> None:
    """Fill in the settings of the site that runs on the data folder, or say that none does."""
    if not (data.environment.is_file() and lock.is_held(data.lock)):
        raise Trouble("There is no DATABASE_URL and no running site: start `make run` first.")
    for entry in shlex.split(data.environment.read_text(encoding="utf-8")):
        name, _, value = entry.partition("=")
        environ.setdefault(name, value)
