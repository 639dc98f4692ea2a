"""Packages are installed once, and again when the files that name them change."""

import sys
from pathlib import Path

import pytest

from embedded import installing
from embedded.trouble import Trouble


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    venv = tmp_path / ".venv"
    monkeypatch.setattr(installing, "VENV", venv)
    monkeypatch.setattr(installing, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(installing, "LOG", venv / "install.log")
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\n# no more\n")
    return tmp_path


def test_it_makes_the_environment_once(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    requirements = project / "requirements.txt"
    assert installing.install(requirements) == 0
    assert (project / ".venv" / "bin" / "python").exists()
    assert "Making the virtual environment" in capfd.readouterr().out
    assert installing.install(requirements) == 0
    assert capfd.readouterr().out == ""


def test_it_installs_again_when_an_included_file_changes(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[str] = []
    monkeypatch.setattr(
        installing, "_make_venv", lambda: installing.PYTHON.parent.mkdir(parents=True, exist_ok=True)
    )
    monkeypatch.setattr(
        installing, "_pip", lambda file: (installing.PYTHON.touch(), installed.append(file.name))
    )
    for text in ("# nothing\n", "# nothing\n", "# something\n"):
        (project / "requirements.txt").write_text(text)
        installing.install(project / "requirements-dev.txt")
        installing.install(project / "requirements.txt")
    assert installed == ["requirements-dev.txt", "requirements-dev.txt"]


def test_it_names_the_package_that_debian_leaves_out(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(Trouble, match=r"apt install python3\.\d+-venv"):
        installing.install(project / "requirements.txt")


def test_it_passes_on_what_pip_says(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing will be installed; so the pip at hand does, and no environment has to be made for it.
    monkeypatch.setattr(installing, "PYTHON", Path(sys.executable))
    (project / ".venv").mkdir()
    (project / "requirements.txt").write_text("./no-such-folder\n")
    with pytest.raises(Trouble, match=r"Installing the packages failed: .*no-such-folder"):
        installing.install(project / "requirements.txt")
    assert not list((project / ".venv").glob(".installed-*"))


def test_it_says_that_it_cannot_write(project: Path) -> None:
    (project / ".venv").write_text("in the way")
    with pytest.raises(Trouble, match="Cannot write to"):
        installing.install(project / "requirements.txt")
