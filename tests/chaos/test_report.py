"""The page of proofs: no failure is hidden by a figure, and only a whole run writes it."""

import json
import os
import subprocess
import sys

import pytest

from embedded.data_dir import ROOT
from tests.chaos import proofs

CONFTEST = """
import os
from pathlib import Path

import pytest

from tests.chaos.report import Reporter, note


def pytest_configure(config):
    here = Path(__file__).parent
    config.pluginmanager.register(Reporter(str(here / "report"), here, int(os.environ["SECONDS"])))


@pytest.fixture
def audited(request):
    note(str(Path(__file__).parent / "report"), {"promise": "S1", "figure": "20,000", "test": request.node.nodeid})
    yield
    assert "breach" not in request.node.name


@pytest.fixture
def unprepared():
    raise AssertionError
"""
TESTS = """
import time

def test_fine(audited):
    pass

def test_with_a_breach(audited):
    pass

def test_without_a_ground(unprepared):
    pass
"""


@pytest.fixture
def run(tmp_path):
    """Return a runner of some tests with the reporter, which returns what the report and then the page say."""

    def of(*arguments, tests=TESTS, seconds=120):
        (tmp_path / "conftest.py").write_text(CONFTEST)
        (tmp_path / "test_it.py").write_text(tests)
        (tmp_path / "pytest.ini").write_text("[pytest]\n")
        plain = ["-p", "no:django", "-p", "no:cacheprovider", "-p", "no:randomly", "-q", *arguments]
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "CHAOS_SEED": "1", "SECONDS": str(seconds)}
        command = [sys.executable, "-m", "pytest", *plain]
        subprocess.run(command, cwd=tmp_path, env=environ, check=False, timeout=60, capture_output=True)
        page = tmp_path / "proofs.md"
        page.write_text("as it was\n## By hand\n")
        proofs.main(tmp_path / "report", page)
        report = tmp_path / "report"
        lines = [json.loads(line) for line in report.read_text().splitlines()] if report.exists() else []
        return lines, page.read_text()

    return of


def test_it_says_so_when_a_test_fails_before_or_after_its_figure(run):
    lines, page = run()
    assert {"whole": True, "seed": "1"} in lines
    assert "| S1 | 20,000 | `test_it`: fine |" in page
    assert "| S1 | NOT KEPT | `test_it`: with a breach |" in page
    assert "NOT KEPT | `test_it`: without a ground |" in page
    assert "3 figures" in page
    assert page.endswith("## By hand\n")


@pytest.mark.parametrize("chosen", [("-k", "fine"), ("-x",)])
def test_some_of_the_tests_leave_the_page_as_it_was(run, capsys, chosen):
    lines, page = run(*chosen)
    assert not any("whole" in line for line in lines)
    assert page == "as it was\n## By hand\n"
    assert "| S1 | 20,000 | `test_it`: fine |" in capsys.readouterr().out


def test_a_run_that_takes_too_long_is_ended(run):
    lines, page = run(tests=f"{TESTS}\ndef test_slow():\n    time.sleep(50)\n", seconds=2)
    assert not any("whole" in line for line in lines)
    assert page == "as it was\n## By hand\n"
