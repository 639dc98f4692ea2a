"""PostgreSQL refuses to run as root: where it lives and as whom when root starts it."""

import contextlib
import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

from embedded.processes import Account
from embedded.trouble import Trouble

# Every user can pass through /var/lib; a clone under root's home is closed to all but root.
ROOTS_HOME = Path("/var/lib/hundred")

# Numbers that no tool gives to people or packages. Not `nobody`: others run as `nobody` too.
FIRST_NUMBER, NUMBERS = 61184, 4000


@dataclass(frozen=True)
class Accounts:
    """The user that may run initdb, which wants a name, and the one the server runs as."""

    initdb: Account
    server: Account


def is_root() -> bool:
    """Tell whether we are root."""
    return os.geteuid() == 0


def make_passable(folder: Path) -> Path:
    """Make a folder of our own that the server's user can pass through and nobody else can list."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)
    return folder


def home_for_root(name: str) -> Path:
    """Make the place where root keeps what the server's user must reach."""
    try:
        return make_passable(make_passable(ROOTS_HOME) / name)
    except OSError as error:
        raise Trouble(
            f"Cannot write to {ROOTS_HOME}, where root keeps the database: {error.strerror}."
        ) from error


def choose(seed: str, probe: Path) -> Accounts:
    """Return the accounts for one installation; nothing is added to the system."""
    named = _named_account()
    number = FIRST_NUMBER + int(seed, 16) % NUMBERS
    while _has_name(number):
        number += 1
    server = Account(number, number) if _can_own(probe, number) else named
    return Accounts(named, server)


def give(path: Path, account: Account) -> None:
    """Hand a folder of ours and all in it to the account."""
    try:
        for part in (path, *path.rglob("*")):
            os.chown(part, account.uid, account.gid, follow_symlinks=False)
    except OSError as error:
        line = "PostgreSQL can't run as root, and this system lets root use no other user. Start as a normal user."
        raise Trouble(line) from error


def owner(path: Path) -> Account:
    """Return the account that a folder belongs to."""
    facts = path.stat()
    return Account(facts.st_uid, facts.st_gid)


def remove(path: Path) -> None:
    """Remove a folder of ours with all in it; one that is gone already is fine."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(path)


def _named_account() -> Account:
    for name in ("nobody", "daemon"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise Trouble("PostgreSQL can't run as root, and there is no user `nobody` here. Start as a normal user.")


def _can_own(probe: Path, number: int) -> bool:
    try:
        os.chown(probe, number, -1)
    except OSError:  # a container that maps only some numbers
        return False
    os.chown(probe, os.geteuid(), -1)
    return True


def _has_name(number: int) -> bool:
    try:
        pwd.getpwuid(number)
    except KeyError:
        return False
    return True
