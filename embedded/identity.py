"""Who this installation is: its id and its keys, made once and kept in `DATA_DIR`."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from embedded.data_dir import DataDir, write_private
from embedded.trouble import Trouble


@dataclass(frozen=True)
class Identity:
    """The id names the installation's own places; the keys are its secrets."""

    id: str
    secret_key: str
    identity_key: str

    def keys(self) -> dict[str, str]:
        """Return the keys as settings."""
        return {"SECRET_KEY": self.secret_key, "IDENTITY_KEY": self.identity_key}


def make() -> Identity:
    """Return a new identity."""
    return Identity(secrets.token_hex(6), secrets.token_urlsafe(48), secrets.token_urlsafe(48))


def load(data: DataDir) -> Identity:
    """Return the identity kept in the data folder, made on the first call."""
    new = make()
    names, key = data.path / "id", data.path / "identity-key"
    secret_key = _kept(data.path / "secret-key", new.secret_key)
    if names.exists() and not key.exists():
        # A new key would let everybody sign a second time.
        raise Trouble(f"{key} is missing although there is data that depends on it. Put it back.")
    identity_key = _kept(key, new.identity_key)
    return Identity(_kept(names, new.id), secret_key, identity_key)


def _kept(path: Path, new: str) -> str:
    if not path.exists():
        write_private(path, new + "\n")
    return path.read_text(encoding="utf-8").strip()
