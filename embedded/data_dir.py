"""The folder that holds everything one installation owns."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from embedded.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent

# May be there before the first run: the tests or a person's own tools write mail, media and logs.
HARMLESS = {"mail", "media", "logs", "lock"}


@dataclass(frozen=True)
class DataDir:
    """Names of the files and folders in `DATA_DIR`."""

    path: Path

    @property
    def lock(self) -> Path:
        """The file that a running site keeps locked."""
        return self.path / "lock"

    @property
    def environment(self) -> Path:
        """The settings of the running site, for `manage.py` in another terminal."""
        return self.path / "environment"

    @property
    def socket_note(self) -> Path:
        """Where the sockets of the last run were."""
        return self.path / "sockets"

    @property
    def valkey(self) -> Path:
        """What Valkey keeps."""
        return self.path / "valkey"

    @property
    def beat(self) -> Path:
        """What Celery's beat keeps."""
        return self.path / "beat"

    @property
    def admin_password(self) -> Path:
        """The first administrator's generated password."""
        return self.path / "admin-password"

    @property
    def admin_email(self) -> Path:
        """The address that the first administrator was made with."""
        return self.path / "admin-email"

    def log(self, name: str) -> Path:
        """The log file of one process."""
        return self.path / "logs" / f"{name}.log"


def find(environ: Mapping[str, str]) -> DataDir:
    """Return the data folder that the environment names; a relative one starts at the project."""
    return DataDir((ROOT / (environ.get("DATA_DIR") or ".data")).resolve())


def prepare(data: DataDir) -> None:
    """Make the folder and its parts, for our eyes only, or say why that can't be."""
    try:
        data.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        _check_it_is_ours(data.path)
        data.path.chmod(0o700)
        for part in (data.valkey, data.beat, data.path / "logs", data.path / "mail"):
            part.mkdir(exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=data.path):
            pass
    except OSError as error:
        line = f"Cannot write to the data folder {data.path}: {error.strerror}. Choose another one with DATA_DIR."
        raise Trouble(line) from error


def _check_it_is_ours(path: Path) -> None:
    facts = path.stat()
    if facts.st_uid != os.geteuid():
        raise Trouble(
            f"The data folder {path} belongs to another user (uid {facts.st_uid}): run as that user."
        )
    names = {entry.name for entry in path.iterdir()}
    if "id" not in names and names - HARMLESS:
        raise Trouble(f"{path} holds other files and no site's data. Choose an empty folder with DATA_DIR.")


def write_private(path: Path, text: str) -> None:
    """Put the text into the file at once or not at all, readable by its owner only."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
