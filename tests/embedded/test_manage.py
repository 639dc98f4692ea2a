"""`manage.py` in another terminal is part of the running site."""

import subprocess
from pathlib import Path

import pytest

from embedded import data_dir, environment, lock
from embedded.data_dir import DataDir
from embedded.trouble import Trouble
from tests.embedded.launching import Launched, run_to_end

NAME = "Anna's “Hundred” $1"


def test_it_adopts_the_running_site(site: Launched) -> None:
    environ = {"SITE_NAME": "Ours", "DATA_DIR": str(site.data.path)}
    environment.adopt(environ, data_dir.find(environ))
    assert environ["DATABASE_URL"] == site.url("DATABASE_URL")
    assert environ["SITE_URL"] == f"http://localhost:{site.port}"
    assert environ["SITE_NAME"] == "Ours"


def test_it_does_not_trust_what_a_dead_site_left(data: Path) -> None:
    data.mkdir()
    (data / "environment").write_text("DATABASE_URL=postgres://gone\n")
    (data / "lock").touch()
    with pytest.raises(Trouble, match="start `make run` first"):
        environment.adopt({}, DataDir(data))


def test_it_says_that_nothing_runs(data: Path) -> None:
    status, text = run_to_end(data, "manage.py", "check")
    assert (status, text) == (1, "There is no DATABASE_URL and no running site: start `make run` first.\n")


def test_it_says_that_django_is_missing(data: Path) -> None:
    status, text = run_to_end(data, "-S", "manage.py", "check")
    assert status == 1
    assert text.startswith("Django is not installed for this Python: use .venv/bin/python manage.py")


def test_it_writes_values_that_a_shell_can_read(tmp_path: Path) -> None:
    environment.write(DataDir(tmp_path), {"SITE_NAME": NAME})
    shell = f'. {tmp_path / "environment"}; printf %s "$SITE_NAME"'
    assert subprocess.check_output(["sh", "-c", shell], text=True) == NAME
    environ: dict[str, str] = {}
    with lock.hold(tmp_path / "lock", busy=""):
        environment.adopt(environ, DataDir(tmp_path))
    assert environ == {"SITE_NAME": NAME}
