"""The virtual environment and the packages, made once and then left alone."""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from embedded import binaries
from embedded.data_dir import ROOT
from embedded.screen import say
from embedded.trouble import Trouble

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = VENV / "install.log"


def install(requirements: Path) -> int:
    """Make sure that .venv holds what the file asks for; costs nothing when it does already."""
    if _is_installed(requirements):
        return 0
    binaries.check_platform()
    with requirements.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # `make run` and `make test` may start together
        if not _is_installed(requirements):
            _install(requirements)
    return 0


def _install(requirements: Path) -> None:
    try:
        _make_venv()
        say(f"Installing the packages of {requirements.name} into .venv (once, about half a minute) …")
        _pip(requirements)
        for file in _files(requirements):
            _stamp(file).touch()
    except OSError as error:
        raise Trouble(f"Cannot write to {VENV}: {error.strerror}.") from error


def _is_installed(requirements: Path) -> bool:
    return PYTHON.exists() and _stamp(requirements).exists()


def _stamp(requirements: Path) -> Path:
    digest = hashlib.sha256()
    for file in _files(requirements):
        digest.update(file.read_bytes())
    return VENV / f".installed-{digest.hexdigest()[:16]}"


def _files(requirements: Path) -> list[Path]:
    lines = requirements.read_text(encoding="utf-8").splitlines()
    included = [requirements.parent / line.split()[1] for line in lines if line.startswith("-r ")]
    return [requirements, *(file for name in included for file in _files(name))]


def _make_venv() -> None:
    if _works():
        return
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        line = (
            f"Python's venv module is incomplete here. On Debian and Ubuntu: apt install python{version}-venv"
        )
        raise Trouble(line)
    shutil.rmtree(VENV, ignore_errors=True)
    say("Making the virtual environment .venv …")
    VENV.mkdir()
    _run([sys.executable, "-m", "venv", str(VENV)], "Making the virtual environment failed")


def _works() -> bool:
    """Tell whether .venv has a pip that runs; a moved or upgraded Python leaves one that does not."""
    command = [str(PYTHON), "-m", "pip", "--version"]
    return PYTHON.exists() and subprocess.run(command, capture_output=True, check=False).returncode == 0


def _pip(requirements: Path) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    _run([*command, "-r", str(requirements)], "Installing the packages failed")


def _run(command: list[str], complaint: str) -> None:
    with LOG.open("ab") as log:
        status = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_clean(), check=False
        ).returncode
    if status:
        lines = LOG.read_text(errors="replace").splitlines()
        errors = [line for line in lines if line.startswith("ERROR")] or lines or ["nothing was said"]
        raise Trouble(f"{complaint}: {errors[-1].removeprefix('ERROR: ')} (all of it in {LOG}).")


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
