"""What operators read names what there is."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from lib import audit, health
from tests.deploy.fronting import DEPLOY, ROOT

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


def names_in(text: str) -> set[str]:
    return set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", text, re.MULTILINE))


@pytest.mark.parametrize("name", [name for name, _ in health._checks])
def test_it_explains_each_readiness_item(name: str):
    assert f"`{name}`" in OPERATIONS


@pytest.mark.parametrize("promise", [name for name, _ in audit._checks])
def test_it_explains_each_promise_of_the_audit(promise: str):
    assert promise in OPERATIONS


def test_it_explains_each_periodic_job():
    for job in re.findall(r'entry\("([\w.]+)"', (ROOT / "config" / "schedule.py").read_text()):
        assert job.replace(".tasks.", ".") in OPERATIONS or job in OPERATIONS, job


def test_it_lists_each_setting():
    assert {name for name in names_in(EXAMPLE) if f"`{name}`" not in OPERATIONS} == set()


def test_the_environment_of_a_deployment_has_only_known_settings():
    given = names_in((DEPLOY / "environment.example").read_text())
    assert given <= names_in(EXAMPLE)
    assert given >= {"SECRET_KEY", "IDENTITY_KEY", "TRUSTED_PROXY_COUNT", "STATIC_ROOT"}


def test_the_environment_of_a_deployment_is_taken_once_keys_are_in_it():
    text = (DEPLOY / "environment.example").read_text(encoding="utf-8")
    for number, name in enumerate(("SECRET_KEY", "IDENTITY_KEY")):
        text = text.replace(f"\n{name}=\n", f"\n{name}={str(number) * 60}\n")
    environ = dict(word.split("=", 1) for word in shlex.split(text, comments=True))
    read = "from config import environment; print(environment.read().operator_name)"
    answer = subprocess.run(
        [sys.executable, "-c", read],
        env={"PATH": os.environ["PATH"], **environ},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.stdout, answer.stderr) == ("City of Example\n", "")


def test_the_guide_names_each_file_that_is_shipped():
    guide = (DEPLOY / "README.md").read_text(encoding="utf-8")
    shipped = [path for path in DEPLOY.rglob("*") if path.is_file() and path.name != "README.md"]
    assert [path.name for path in shipped if path.name not in guide] == []


def test_every_file_that_a_page_points_to_is_there():
    for page in (DEPLOY / "README.md", ROOT / "docs" / "operations.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / Path(link)).exists(), link
