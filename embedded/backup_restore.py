"""`python -m embedded restore FILE`: into a fresh database, checked there, and only then put in place."""

import contextlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from embedded import (
    backup,
    backup_archive,
    backup_database,
    data_dir,
    environment,
    identity,
    lock,
    run,
    servers,
)
from embedded.attention import Attention
from embedded.backup_archive import KEY_NAMES, Contents
from embedded.backup_database import HAS_PETITIONS, HAS_SITE, Database
from embedded.data_dir import DataDir, write_private
from embedded.identity import Identity
from embedded.processes import Program
from embedded.programs import RUN_COMMANDS
from embedded.screen import complain, say, short
from embedded.supervisor import Supervisor
from embedded.trouble import StopRequested, Trouble

FRESH, FORMER = "_restoring", "_former"
# Everything is in place, but the audit found breaches that the backup brought along.
RESTORED_WITH_BREACHES = 2
KEPT_IN = {"SECRET_KEY": "secret-key", "IDENTITY_KEY": "identity-key"}


@dataclass(frozen=True)
class Place:
    """Where the backup goes: the database, the data folder, and the settings that its programs get."""

    database: Database
    data: DataDir
    settings: Mapping[str, str]
    files: Mapping[Path, str]
    supervisor: Supervisor

    def manage(self, database: Database, *commands: str) -> tuple[bool, str]:
        """Run Django’s commands on a database; return whether they went well and what they printed."""
        log = self.data.log("restore")
        log.unlink(missing_ok=True)
        environ = {**self.settings, "DATABASE_URL": database.url, "DJANGO_SETTINGS_MODULE": "config.settings"}
        command = (sys.executable, "-c", RUN_COMMANDS, *commands)
        try:
            self.supervisor.finish(Program("Restoring", command, log, environ=environ))
        except Trouble as trouble:
            return False, log.read_text(encoding="utf-8") or str(trouble)
        return True, log.read_text(encoding="utf-8")


def run_restore(
    file: Path, environ: Mapping[str, str], *, replace: bool = False, drop_mails: bool = False
) -> int:
    """Restore the backup and say what came of it; 0 and 2 mean that it is in place, 1 that nothing was changed."""
    with Attention() as attention:
        try:
            return _restore(
                file, environ, Supervisor(attention.pause), replace=replace, drop_mails=drop_mails
            )
        except StopRequested:
            return 130
        except Trouble as trouble:
            complain(trouble)
            return 1


def _restore(
    file: Path, environ: Mapping[str, str], supervisor: Supervisor, *, replace: bool, drop_mails: bool
) -> int:
    if not file.is_file():
        raise Trouble(f"There is no file {file}.")
    data = _data_folder(environ)
    with backup_archive.unpacked(file, data.path) as contents:
        say(f"The backup holds the site as it was at {contents.manifest.at}:")
        say(f"{backup.counted(contents.manifest.counts)}.")
        with _place(environ, data, contents, supervisor) as place:
            former = _former(place, replace=replace)
            fresh = backup_database.create_beside(place.database, place.database.name + FRESH)
            try:
                is_sound = _fill(place, fresh, contents, drop_mails=drop_mails)
                _put_in_place(place, fresh)
            except BaseException:
                backup_database.drop(fresh)
                raise
    say("Restored." if former is None else f"Restored. What was there before is in {former}.")
    return 0 if is_sound else RESTORED_WITH_BREACHES


def _keys(environ: Mapping[str, str], data: DataDir, contents: Contents) -> dict[str, str]:
    """Return the keys for the restored site, or refuse: with another IDENTITY_KEY everybody could sign again."""
    given = {name: environ[name] for name in KEY_NAMES if environ.get(name)}
    keys = backup.keys_of({}, data) | contents.keys | given
    if backup_archive.fingerprint(keys["IDENTITY_KEY"]) != contents.manifest.identity_key_sha256:
        where = "the environment" if "IDENTITY_KEY" in given else short(data.path)
        raise Trouble(
            f"The IDENTITY_KEY of {where} is not the one of this backup: everybody could sign a second time."
            " Put the one in place that the site had, and try again."
        )
    if not keys["SECRET_KEY"]:
        raise Trouble("SECRET_KEY is not set, and the backup holds none.")
    return keys


def _data_folder(environ: Mapping[str, str]) -> DataDir:
    """Return the data folder; with servers elsewhere it need not be one that `make run` would take."""
    data = data_dir.find(environ)
    if servers.missing(environ):
        data_dir.prepare(data)
    (data.path / "logs").mkdir(parents=True, exist_ok=True, mode=0o700)
    return data


@contextlib.contextmanager
def _place(
    environ: Mapping[str, str], data: DataDir, contents: Contents, supervisor: Supervisor
) -> Iterator[Place]:
    keys = _keys(environ, data, contents)
    busy = f"The site is running on {short(data.path)}"
    with lock.hold(data.lock, busy=busy, pause=supervisor.pause) as held:
        supervisor.inherits = (held,)
        with _servers(environ, data, supervisor) as urls:
            settings = environment.chosen(environ, data, {**keys, **urls})
            files = _files(environ, data, contents)
            yield Place(Database.named(settings["DATABASE_URL"]), data, settings, files, supervisor)


@contextlib.contextmanager
def _servers(environ: Mapping[str, str], data: DataDir, supervisor: Supervisor) -> Iterator[dict[str, str]]:
    wanted = servers.missing(environ)
    if not wanted:
        yield {}
        return
    with servers.running(wanted, run.ground(data, _who(data), wanted), supervisor) as urls:
        yield urls


def _files(environ: Mapping[str, str], data: DataDir, contents: Contents) -> dict[Path, str]:
    """Return what belongs into the data folder with this backup: keys that the environment does not give, and notes."""
    keys = {KEPT_IN[name]: f"{key}\n" for name, key in contents.keys.items() if not environ.get(name)}
    return {data.path / name: text for name, text in {**keys, **contents.notes}.items()}


def _who(data: DataDir) -> Identity:
    """Return the installation’s id; its keys may be missing after a restore that was cut off."""
    name = data.path / "id"
    return (
        Identity(name.read_text(encoding="utf-8").strip(), "", "") if name.exists() else identity.load(data)
    )


def _former(place: Place, *, replace: bool) -> Path | None:
    """Return the backup made of what is about to be replaced, if there is anything."""
    database = place.database
    backup_database.check_nobody_is_there(database)
    if database.ask(HAS_SITE) != "t" or database.ask(HAS_PETITIONS) != "t":
        return None
    if not replace:
        counts = backup.counted(database.counts())
        raise Trouble(
            f"There is a site already, with {counts}. Add --replace to put the backup in its place."
        )
    keys = backup.keys_of(place.settings, place.data)
    file = place.data.path / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"
    say(f"Keeping what is there in {short(file)} …")
    backup.back_up(backup.Source(database, keys, {}), file)
    return file


def _fill(place: Place, fresh: Database, contents: Contents, *, drop_mails: bool) -> bool:
    """Load, count, bring up to date, settle and audit the fresh database; return whether the audit is content."""
    backup_database.load(contents.dump, fresh)
    found = fresh.counts()
    if found != contents.manifest.counts:
        raise Trouble(f"The restored database has {backup.counted(found)}: not what the backup holds.")
    settle = "after_restore --drop-mails" if drop_mails else "after_restore"
    is_well, text = place.manage(fresh, "migrate --no-input --verbosity=0", settle)
    if not is_well:
        raise Trouble("The restored database can’t be brought up to date:", log_tail=text[-4000:])
    say(text.strip())
    is_sound, text = place.manage(fresh, "audit_invariants")
    say(text.strip())
    return is_sound


def _put_in_place(place: Place, fresh: Database) -> None:
    """Change the databases, and the keys with them; cut off in between, the site refuses to start without its key."""
    former = place.database.sibling(place.database.name + FORMER)
    backup_database.drop(former)
    with _change_of_files(place.files):
        backup_database.swap(fresh, place.database, former.name)
    backup_database.drop(former)


@contextlib.contextmanager
def _change_of_files(files: Mapping[Path, str]) -> Iterator[None]:
    new = {file: text for file, text in files.items() if not file.exists() or file.read_text() != text}
    old = {file: file.read_text(encoding="utf-8") for file in new if file.exists()}
    for file in old:
        file.unlink()
    try:
        yield
    except BaseException:
        for file, text in old.items():
            write_private(file, text)
        raise
    for file, text in new.items():
        write_private(file, text)
