"""Loaded once by the process that a crew's others are forked from: the site, and what they can do."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.signatures.races import acts  # noqa: E402 - Django has to be set up first

__all__ = ["acts"]
