"""What every fault test stands on: sizes, a seed, a site of their own, and an audit at the end."""

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chaos import ground, report
from tests.chaos.ground import Site

HERE = Path(__file__).parent
FULL = os.environ.get("CHAOS") == "full"
REPORT = os.environ.get("CHAOS_REPORT")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed once; parallel workers inherit it."""
    os.environ.setdefault("CHAOS_SEED", str(random.SystemRandom().randrange(1_000_000)))
    if REPORT:
        config.pluginmanager.register(report.Reporter(REPORT, HERE))


def pytest_report_header() -> str:
    return f"fault tests: {'full' if FULL else 'short'} sizes, CHAOS_SEED={os.environ['CHAOS_SEED']}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Let the fixtures know how the test went."""
    made = yield
    if made.when == "call":
        item.failed_here = made.failed  # type: ignore[attr-defined]
    return made


@pytest.fixture(scope="session")
def size() -> Callable[[int, int], int]:
    """Return a chooser between the short size and the full one."""
    return lambda short, full: full if FULL else short


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> random.Random:
    """Return this test's own dice; the run's seed makes them fall the same way again."""
    return random.Random(f"{os.environ['CHAOS_SEED']}:{request.node.name}")


@pytest.fixture
def proof(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Return a recorder of what was reached for a promise; `make chaos` makes a table of it."""
    began = time.monotonic()

    def record(promise: str, figure: str) -> None:
        seconds = round(time.monotonic() - began, 1)
        line = {"promise": promise, "figure": figure, "test": request.node.nodeid, "seconds": seconds}
        report.note(REPORT, line)

    return record


def _how_long(fixture_name: str, config: pytest.Config) -> Any:
    """Let the short tests share one site, and the full sizes begin each module with an empty one."""
    return "module" if FULL else "package"


@pytest.fixture(scope=_how_long)
def standing() -> Iterator[Site]:
    """Return the site that stands for now; `site` is the one to ask for."""
    with ground.site() as made:
        yield made


@pytest.fixture
def site(standing: Site, request: pytest.FixtureRequest) -> Iterator[Site]:
    """Return the site with all its parts running and an empty mailbox; afterwards every promise is audited."""
    standing.revive()
    standing.until_counted()
    standing.take_back()
    standing.sink.forget()
    yield standing
    standing.sink.behave()
    standing.revive()
    if not getattr(request.node, "failed_here", True):
        standing.until_counted()
        assert standing.audit() == []
