"""Started by root: PostgreSQL runs as somebody else, and nothing outside our folders changes."""

import os
import pwd
from pathlib import Path

import pytest

from embedded import privileges
from embedded.processes import Account
from tests.embedded.launching import Launched, root_home

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="for root only")


def test_it_runs_postgresql_as_a_user_without_a_name(site: Launched) -> None:
    uid = Path(f"/proc/{site.postmaster()}").stat().st_uid
    assert uid != 0
    assert uid == (root_home(site.data) / "cluster").stat().st_uid
    with pytest.raises(KeyError):
        pwd.getpwuid(uid)


def test_it_needs_nothing_from_a_closed_clone(site: Launched) -> None:
    executable = Path(f"/proc/{site.postmaster()}/exe").resolve()
    assert executable.is_relative_to(root_home(site.data))


def test_it_lets_others_pass_but_not_look(site: Launched) -> None:
    home = root_home(site.data)
    modes = [folder.stat().st_mode & 0o777 for folder in (home.parent, home, home / "cluster")]
    assert modes == [0o711, 0o711, 0o700]


def test_it_falls_back_to_nobody_where_numbers_are_few(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr("os.chown", refuse)
    nobody = pwd.getpwnam("nobody")
    accounts = privileges.choose("a1b2c3d4e5f6", tmp_path)
    assert accounts.server == accounts.initdb == Account(nobody.pw_uid, nobody.pw_gid)
