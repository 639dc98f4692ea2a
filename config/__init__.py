"""Wiring: settings, URLs, the web application and Celery; no behaviour of its own."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
