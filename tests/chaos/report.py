"""What `make chaos` has reached, line by line: figures, promises that were not kept, and whether all was run."""

import fcntl
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

NOT_KEPT = "NOT KEPT"
LONGEST_MINUTES = 60


def note(path: str | None, line: dict[str, Any]) -> None:
    """Add a line to the report, if there is to be one."""
    if path:
        with Path(path).open("a") as report:
            fcntl.flock(report, fcntl.LOCK_EX)
            report.write(json.dumps({**line, "seed": os.environ["CHAOS_SEED"]}) + "\n")


class Reporter:
    """A plugin of pytest that notes every failure, also one of the audit afterwards, and ends a run that is too long."""

    def __init__(self, path: str, folder: Path, seconds: int = 60 * LONGEST_MINUTES) -> None:
        self.path = path
        self.folder = folder
        self.seconds = seconds
        self.finished: set[Path] = set()
        self.left_out = 0

    def pytest_sessionstart(self) -> None:
        signal.signal(signal.SIGALRM, self._end)
        signal.alarm(self.seconds)

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self.left_out += len(items)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Any:
        made = yield
        self.finished.add(item.path)
        if made.failed and self.folder in item.path.parents:
            note(self.path, {"promise": "", "figure": NOT_KEPT, "test": item.nodeid})
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        signal.alarm(0)
        ran_out = exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} and not session.shouldfail
        if ran_out and not self.left_out and self.finished >= set(self.folder.glob("test_*.py")):
            note(self.path, {"whole": True})

    def _end(self, *_: object) -> None:
        pytest.exit(f"not done after {self.seconds // 60} minutes", pytest.ExitCode.INTERRUPTED)
