"""Seed texts for these tests, and a folder to put them in."""

from collections.abc import Callable
from pathlib import Path

import pytest

PAGE = """\
Let the swifts nest on the town hall

0 have signed. Let’s get to 100!

Swifts come back to the same hole every year.

The new front has none.

Today: Carol is counting on you

Carol Singer needs your help with “Mayor of Tessel: Leave twenty holes open in the town hall’s new front.”. \
Join Carol and 50 supporters today."""

ARTICLE = """\
Swifts return to a town hall without holes

Swifts above the town hall (Tessel Gazette)

The birds came back on Monday and found the holes closed.

Nobody at the town hall was ready to comment.


Leave a Comment"""

MARKDOWN = """\
---
title: Open the baths in winter
---
The baths are warm.
"""


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Return a writer of seed files; it gives back the file's path."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
