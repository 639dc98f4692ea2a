"""A backup taken while people sign, and what comes back from it: everything, or nothing was changed."""

import json
import os
import stat
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from accounts.models import User
from embedded import backup
from embedded.backup_database import Database
from embedded.supervisor import Supervisor
from petitions.models import Petition
from signatures.models import Signature
from signatures.services import simulating, withdrawing
from tests.embedded.launching import run_to_end

BACKUP, RESTORE = ("-m", "embedded", "backup"), ("-m", "embedded", "restore")
COMMITTED = pytest.mark.django_db(transaction=True, serialized_rollback=True)
# The servers of a restored site are looked at from the test's own process, which pytest-xdist gave threads.
IN_PROCESS = pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
QUEUED = "SELECT count(*) FILTER (WHERE maybe_duplicate) || '/' || count(*) FROM outbox_message WHERE state = 'queued'"


@pytest.fixture
def here(tmp_path: Path) -> dict[str, str]:
    """The test's own database, as an operator would name it."""
    url = urlunsplit(
        urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + str(connection.settings_dict["NAME"]))
    )
    keys = {name: os.environ[name] for name in ("SECRET_KEY", "IDENTITY_KEY", "REDIS_URL")}
    return {"DATABASE_URL": url, **keys}


@pytest.fixture
def full(make_petition: Callable[..., Petition], carol: User) -> Petition:
    """A petition that people have signed, withdrawn from and not yet confirmed, with mails that wait."""
    petition = make_petition(first_goal=25)
    list(simulating.Crowd(petition, 22))
    one = Signature.objects.confirmed().filter(petition=petition).first()
    assert one
    withdrawing.withdraw(signature=one)
    simulating.Crowd(petition, 3)._ask(1)
    return petition


@contextmanager
def going_on(petition: Petition) -> Iterator[None]:
    """Let people sign in the meantime."""
    enough, begun = threading.Event(), threading.Event()

    def sign() -> None:
        for _deed in simulating.Crowd(petition, 5000):
            begun.set()
            if enough.is_set():
                break
        connection.close()

    signer = threading.Thread(target=sign)
    signer.start()
    begun.wait(20)
    yield
    enough.set()
    signer.join(20)


def manifest(file: Path) -> dict[str, object]:
    with tarfile.open(file) as archive:
        found = archive.extractfile("manifest.json")
        assert found
        return dict(json.load(found))


def asked(data: Path, question: str) -> str:
    with backup.source({"DATA_DIR": str(data)}, Supervisor()) as site:
        return site.database.ask(question)


@COMMITTED
@IN_PROCESS
def test_it_brings_everything_back_that_was_there_at_one_moment(
    data: Path, tmp_path: Path, here: dict[str, str], full: Petition
) -> None:
    file = tmp_path / "site.tar"
    with going_on(full):
        status, text = run_to_end(tmp_path / "elsewhere", *BACKUP, str(file), **here)
    assert status == 0, text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Signature.objects.count() > sum(manifest(file)["counts"]["signatures"].values())

    status, text = run_to_end(data, *RESTORE, str(file))
    assert status == 0, text
    assert " promises, 0 breaches" in text
    assert (data / "identity-key").read_text().strip() == here["IDENTITY_KEY"]
    flagged, queued = asked(data, QUEUED).split("/")
    assert flagged == queued != "0"
    assert asked(data, "SELECT count(*) FROM pg_database WHERE datname LIKE 'app%'") == "1"
    again = tmp_path / "again.tar"
    run_to_end(data, *BACKUP, str(again))
    for name in ("petitions", "signatures"):
        assert manifest(again)["counts"][name] == manifest(file)["counts"][name]

    it_replaces_a_site_only_when_told(data, again)


def it_replaces_a_site_only_when_told(data: Path, file: Path) -> None:
    status, text = run_to_end(data, *RESTORE, str(file))
    assert (status, "Add --replace" in text) == (1, True), text
    status, text = run_to_end(data, *RESTORE, str(file), "--replace", "--drop-mails")
    assert status == 0, text
    assert asked(data, QUEUED) == "0/0"
    assert len(list(data.glob("before-restore-*.tar"))) == 1


@COMMITTED
def test_it_changes_nothing_when_a_restore_fails(
    data: Path, tmp_path: Path, here: dict[str, str], full: Petition
) -> None:
    file = tmp_path / "site.tar"
    assert run_to_end(data, *BACKUP, str(file), "--without-keys", **here)[0] == 0
    before = Signature.objects.count()
    others = here | {"IDENTITY_KEY": "x" * 60}
    for wrong in (others, here):
        status, text = run_to_end(data, *RESTORE, str(file), "--replace", **wrong)
        expected = "not the one of this backup" if wrong is others else "connections to the database"
        assert (status, expected in text) == (1, True), text
    assert Signature.objects.count() == before
    database = Database.named(here["DATABASE_URL"])
    assert database.ask("SELECT count(*) FROM pg_database WHERE datname LIKE '%restoring'") == "0"


@COMMITTED
def test_it_keeps_the_keys_out_when_told(data: Path, tmp_path: Path, here: dict[str, str]) -> None:
    file = tmp_path / "site.tar"
    status, text = run_to_end(data, *BACKUP, str(file), "--without-keys", **here)
    assert (status, "NOT in it" in text) == (0, True), text
    with tarfile.open(file) as archive:
        assert sorted(archive.getnames()) == ["database.dump", "manifest.json"]
    assert here["IDENTITY_KEY"].encode() not in file.read_bytes()


@COMMITTED
def test_it_refuses_a_damaged_file(data: Path, tmp_path: Path, here: dict[str, str]) -> None:
    file = tmp_path / "site.tar"
    assert run_to_end(data, *BACKUP, str(file), **here)[0] == 0
    whole = file.read_bytes()
    middle = whole.index(b"PGDMP") + 5000
    cut_off, altered = whole[:middle], whole[:middle] + b"\0\1\2" + whole[middle + 3 :]
    for broken in (cut_off, altered, b"no backup at all"):
        file.write_bytes(broken)
        status, text = run_to_end(data, *RESTORE, str(file), **here)
        assert (status, "damaged" in text) == (1, True), text


def test_it_never_writes_over_a_backup(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "site.tar"
    file.write_text("yesterday's")
    environ = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/x", "SECRET_KEY": "s", "IDENTITY_KEY": "i"}
    status, text = run_to_end(data, *BACKUP, str(file), **environ)
    assert (status, text) == (1, f"{file} is there already; choose another name.\n")
    assert file.read_text() == "yesterday's"


@pytest.mark.parametrize("verb", [BACKUP, RESTORE])
def test_it_says_when_there_is_nothing(verb: tuple[str, ...], data: Path, tmp_path: Path) -> None:
    status, text = run_to_end(data, *verb, str(tmp_path / "site.tar"))
    assert status == 1
    assert text.startswith("There is no ")


def test_it_puts_no_password_on_a_command_line() -> None:
    database = Database.named("postgres://me:s%20p%40@db.example:5433/pe%2Fti?sslmode=require&conn_max_age=5")
    environ = database.environ()
    assert (environ["PGUSER"], environ["PGPASSWORD"]) == ("me", "s p@")
    assert (environ["PGHOST"], environ["PGPORT"], environ["PGDATABASE"]) == ("db.example", "5433", "pe/ti")
    assert environ["PGSSLMODE"] == "require"
    assert database.sibling("postgres").name == "postgres"
