"""What the database reads for a request: `python -m bench.explain` takes requests as JSON and prints their buffers.

The site's own code answers them; each statement is explained with its own values, and undone, before it is run.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402 - Django has to be set up first
from django.test import Client  # noqa: E402

from bench.load import FOUND, OK, Refused  # noqa: E402
from tests.chaos.ground import HOST  # noqa: E402

READ_OR_WRITE = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "EXECUTE")
FORM = "application/x-www-form-urlencoded"


class Reading:
    """Adds up the buffers of all statements."""

    def __init__(self) -> None:
        self.buffers = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Explain a statement, and then run it."""
        if str(sql).lstrip("( \n").upper().startswith(READ_OR_WRITE):
            self._explain(str(sql), params)
        return execute(sql, params, many, context)

    def _explain(self, sql: str, params: Any) -> None:
        raw = connection.connection
        begin, undo = ("BEGIN", "ROLLBACK") if raw.autocommit else ("SAVEPOINT bench", "ROLLBACK TO bench")
        with raw.cursor() as cursor:
            cursor.execute(begin)
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
            plan = cursor.fetchone()[0][0]["Plan"]
            cursor.execute(undo)
        self.buffers += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def read_for(path: str, body: str | None, headers: dict[str, str]) -> int:
    """Answer one request and return how many buffers it took."""
    names = {"HTTP_HOST": HOST, "HTTP_X_FORWARDED_PROTO": "https", "HTTP_REFERER": f"https://{HOST}/"}
    names |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    reading, client = Reading(), Client(**names)
    connection.ensure_connection()
    with connection.execute_wrapper(reading):
        answer = client.get(path) if body is None else client.post(path, body, content_type=FORM)
    if answer.status_code != (OK if body is None else FOUND):
        raise Refused(f"{path}: {answer.status_code}")
    return reading.buffers


if __name__ == "__main__":
    print(json.dumps([read_for(*each) for each in json.load(sys.stdin)]))
