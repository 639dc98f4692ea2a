"""The shipped units, read by systemd itself."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.fronting import DEPLOY, ROOT

UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
pytestmark = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed (.ci/run installs it)"
)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units with the places of this machine, one instance of each template among them."""
    programs = Path(sys.executable).parent
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        text = text.replace("/opt/hundred/.venv/bin", str(programs)).replace("/opt/hundred", str(ROOT))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
        if "@" in unit.name:
            for queue in ("urgent", "bulk"):
                (tmp_path / unit.name.replace("@", f"@{queue}")).write_text(text, encoding="utf-8")
    return tmp_path


def verified(folder: Path) -> str:
    files = [str(unit) for unit in sorted(folder.iterdir()) if "@." not in unit.name]
    command = ["systemd-analyze", "verify", "--man=no", *files]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout + answer.stderr + ("" if answer.returncode == 0 else f"status {answer.returncode}")


def test_systemd_finds_nothing_to_complain_about(units: Path):
    assert verified(units) == ""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("Restart=always", "Restart=sometimes"), ("ExecStart=/", "ExecStart=/nowhere/"), ("UMask=", "Umsk=")],
)
def test_systemd_would_complain(right: str, wrong: str, units: Path):
    web = units / "hundred-web.service"
    web.write_text(web.read_text().replace(right, wrong))
    assert verified(units) != ""


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_it_gives_away_little_of_the_system(unit: Path, units: Path):
    name = unit.name.replace("@", "@urgent")
    command = ["systemd-analyze", "security", "--offline=yes", "--threshold=25", str(units / name)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout[-300:] + answer.stderr


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_it_runs_what_there_is(unit: Path):
    """Each program is one of the virtual environment's, and each command one that exists."""
    for line in re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE):
        for program in re.findall(r"/opt/hundred/\.venv/bin/(\w+)", line):
            assert (Path(sys.executable).parent / program).exists(), program
        for command in re.findall(r"manage\.py (\w+)", line):
            known = [*ROOT.glob(f"*/management/commands/{command}.py")]
            assert known or command in {"check", "migrate", "collectstatic"}, command


def test_it_has_a_unit_for_everything_that_must_run():
    wants = (DEPLOY / "systemd" / "hundred.target").read_text()
    for name in ("hundred-web", "hundred-worker@urgent", "hundred-worker@bulk", "hundred-beat"):
        assert f"{name}.service" in wants
