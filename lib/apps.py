from django.apps import AppConfig


class LibConfig(AppConfig):
    """Single-topic tools that every room may use; it has no models."""

    name = "lib"
