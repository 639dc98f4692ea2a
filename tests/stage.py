"""Loaded before Django's settings (`-p tests.stage`): each parallel worker gets a Valkey number and queues of its own."""

import gc
import os
import re

WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def _numbered(redis_url: str, number: int) -> str:
    if redis_url.startswith("unix:"):
        return f"{redis_url.partition('?')[0]}?db={number}"
    return re.sub(r"(?<=\d)/\d+$|/$|(?<=:\d{4})$", f"/{number}", redis_url)


os.environ["REDIS_URL"] = _numbered(os.environ["REDIS_URL"], WORKER)
os.environ["CELERY_QUEUE_PREFIX"] = f"test{WORKER}-"

# Loading all tests makes little garbage and is looked through for it again and again; tests/conftest.py turns it on.
gc.disable()
