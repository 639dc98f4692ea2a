"""`python -m embedded backup FILE`: one moment of a site in one file, while people go on signing."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedded import backup_archive, backup_database, data_dir, environment, identity, lock, run, servers
from embedded.attention import Attention
from embedded.backup_archive import KEYS, NOTES, Manifest
from embedded.backup_database import HAS_SITE, Database
from embedded.data_dir import DataDir
from embedded.screen import complain, say, short
from embedded.supervisor import Supervisor
from embedded.trouble import StopRequested, Trouble


@dataclass(frozen=True)
class Source:
    """The site that is backed up: its database, its keys, and the notes that lie beside them."""

    database: Database
    keys: Mapping[str, str]
    notes: Mapping[str, str]


def run_backup(file: Path, environ: Mapping[str, str], *, with_keys: bool = True) -> int:
    """Back the site up and say what the file holds; return the exit status."""
    with Attention() as attention:
        try:
            with source(environ, Supervisor(attention.pause)) as site:
                manifest = back_up(site, file, with_keys=with_keys)
        except StopRequested:
            return 130
        except Trouble as trouble:
            complain(trouble)
            return 1
    _tell(file, manifest, with_keys=with_keys)
    return 0


def back_up(site: Source, file: Path, *, with_keys: bool = True) -> Manifest:
    """Write the backup; the file is there whole or not at all, and nothing is ever written over."""
    _check_target(file)
    if site.database.ask(HAS_SITE) != "t":
        raise Trouble(f"The database {site.database.name} holds no site.")
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as folder:
        dump = Path(folder) / backup_archive.DUMP
        with backup_database.moment_of(site.database) as moment:
            backup_database.dump(site.database, moment, dump)
        manifest = Manifest(
            at=moment.at,
            server=moment.server,
            counts=moment.counts,
            dump_sha256=backup_archive.digest_of(dump),
            identity_key_sha256=backup_archive.fingerprint(site.keys["IDENTITY_KEY"]),
        )
        texts = {KEYS: backup_archive.keys_as_text(site.keys), **site.notes} if with_keys else {}
        backup_archive.write(file, manifest, dump, texts)
    return manifest


@contextlib.contextmanager
def source(environ: Mapping[str, str], supervisor: Supervisor) -> Iterator[Source]:
    """Yield the site: the one that DATABASE_URL names, the one that runs, or one whose database we start."""
    data = data_dir.find(environ)
    if environ.get("DATABASE_URL"):
        yield _described(environ, data)
    elif data.environment.is_file() and lock.is_held(data.lock):
        settings = dict(environ)
        environment.adopt(settings, data)
        yield _described(settings, data)
    else:
        with _started(environ, data, supervisor) as settings:
            yield _described(settings, data)


@contextlib.contextmanager
def _started(environ: Mapping[str, str], data: DataDir, supervisor: Supervisor) -> Iterator[dict[str, str]]:
    if not (data.path / "id").exists():
        raise Trouble(
            f"There is no site in {short(data.path)}: name its folder with DATA_DIR, or set DATABASE_URL."
        )
    with lock.hold(
        data.lock, busy=f"The data in {short(data.path)} are in use", pause=supervisor.pause
    ) as held:
        supervisor.inherits = (held,)
        wanted = {"DATABASE_URL"}
        with servers.running(wanted, run.ground(data, identity.load(data), wanted), supervisor) as urls:
            yield {**environ, **urls}


def _described(settings: Mapping[str, str], data: DataDir) -> Source:
    keys = keys_of(settings, data)
    if not all(keys.values()):
        missing = " and ".join(name for name, key in keys.items() if not key)
        raise Trouble(f"{missing} is not set: a database can’t be used without the keys it was written with.")
    notes = {name: (data.path / name).read_text() for name in NOTES if (data.path / name).is_file()}
    return Source(Database.named(settings["DATABASE_URL"]), keys, notes)


def keys_of(settings: Mapping[str, str], data: DataDir) -> dict[str, str]:
    """Return the keys that the environment gives, else those kept in the data folder, else empty ones."""
    kept = {"SECRET_KEY": data.path / "secret-key", "IDENTITY_KEY": data.path / "identity-key"}
    return {
        name: settings.get(name) or (path.read_text(encoding="utf-8").strip() if path.is_file() else "")
        for name, path in kept.items()
    }


def _check_target(file: Path) -> None:
    if file.exists():
        raise Trouble(f"{file} is there already; choose another name.")
    if not os.access(file.parent, os.W_OK):
        raise Trouble(f"Cannot write to the folder {file.parent}.")


def counted(counts: Mapping[str, Any]) -> str:
    """Return the counts as people read them."""

    def parts(name: str) -> str:
        inside = ", ".join(f"{number} {state}" for state, number in counts[name].items())
        return f"{sum(counts[name].values())} {name}" + (f" ({inside})" if inside else "")

    return f"{counts['petitions']} petitions, {parts('signatures')}, {parts('mails')}"


def _tell(file: Path, manifest: Manifest, *, with_keys: bool) -> None:
    size = file.stat().st_size / 1_000_000
    say(f"{file}: {size:.1f} MB, the site as it was at {manifest.at}.")
    say(f"It holds {counted(manifest.counts)}.")
    if with_keys:
        say(
            "The keys are in it: whoever has this file can read everything and test who signed. Keep it safe."
        )
    else:
        say(
            "The keys are NOT in it. Without this IDENTITY_KEY everybody could sign again: keep it elsewhere."
        )
