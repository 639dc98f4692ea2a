"""Settings of the web server; read by `gunicorn -c config/gunicorn.py config.wsgi:application`."""

import os
from pathlib import Path
from typing import Any

from django.urls import resolve

from lib import garbage

_host = os.environ.get("HOST", "127.0.0.1").strip("[]")
_port = os.environ.get("PORT", "8000")

bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4

# Loaded once and shared by the workers, which saves memory and start-up time.
preload_app = True

# The workers' heartbeat files; on a slow disk they would make workers look dead.
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes private files there
worker_tmp_dir = str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None

timeout = 30
graceful_timeout = 6
keepalive = 5

# The application logs its own requests, without addresses.
accesslog = None
errorlog = "-"
control_socket_disable = True


def when_ready(_server: Any) -> None:
    """Load the views once for all workers, and keep what is loaded out of the collector's sight.

    Otherwise each worker would load them with its first request, and collecting would unshare the pages.
    """
    resolve("/healthz")
    garbage.look_as_usual()
