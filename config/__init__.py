"""Wiring: settings, URLs, the web application and Celery; no behaviour of its own."""

from lib import garbage

garbage.look_rarely()

from config.celery import app as celery_app  # noqa: E402 - the first of what is loaded

__all__ = ["celery_app"]
