"""The site's settings on a machine whose clock is wrong by CHAOS_SKEW seconds; the database's clock is right."""

import os
from datetime import datetime, timedelta

from django.utils import timezone

from config.settings import *  # noqa: F403 - it is the same site

_right = timezone.now


def _wrong() -> datetime:
    return _right() + timedelta(seconds=float(os.environ["CHAOS_SKEW"]))


timezone.now = _wrong
