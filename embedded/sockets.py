"""The folders of the two sockets: short enough for the system's limit, closed to everybody else."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from embedded import privileges
from embedded.data_dir import write_private
from embedded.processes import Account

PREFIX = "hundred-"


@dataclass(frozen=True)
class Sockets:
    """Where the servers of one run listen."""

    folder: Path

    @property
    def postgres(self) -> Path:
        """The folder of PostgreSQL's socket."""
        return self.folder / "pg"

    @property
    def valkey(self) -> Path:
        """Valkey's socket."""
        return self.folder / "vk" / "valkey.sock"


def make(account: Account | None) -> Sockets:
    """Make the folders; the account, if any, owns PostgreSQL's."""
    # $TMPDIR may be longer than the 107 bytes of a socket's path.
    short = "/tmp" if os.access("/tmp", os.W_OK) else tempfile.gettempdir()  # noqa: S108 - made by mkdtemp
    sockets = Sockets(Path(tempfile.mkdtemp(prefix=PREFIX, dir=short)))
    for folder in (sockets.postgres, sockets.valkey.parent):
        folder.mkdir(mode=0o700)
    if account:
        privileges.make_passable(sockets.folder)
        privileges.give(sockets.postgres, account)
    return sockets


def note(file: Path, sockets: Sockets) -> None:
    """Write down where the sockets are, for the run after a crash."""
    write_private(file, str(sockets.folder))


def remove_noted(file: Path) -> None:
    """Remove the folders that an earlier run could not remove itself."""
    if not file.exists():
        return
    folder = Path(file.read_text(encoding="utf-8"))
    if folder.name.startswith(PREFIX) and folder.is_dir() and folder.stat().st_uid == os.geteuid():
        privileges.remove(folder)
    file.unlink()
