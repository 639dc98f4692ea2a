"""The first administrator of a local site."""

import stat

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.management.commands import first_admin
from accounts.models import User


@pytest.fixture(autouse=True)
def _place(settings, tmp_path, monkeypatch):
    settings.LOCAL, settings.DATA_DIR = True, tmp_path
    monkeypatch.delenv("ADMIN_EMAIL", raising=False)


def test_it_makes_one_who_can_sign_in(db, tmp_path, settings):
    settings.STAFF_MFA_REQUIRED = False
    call_command("first_admin")
    file = tmp_path / "admin-password"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    client = Client()
    fields = {"login": "admin@localhost.localdomain", "password": file.read_text().strip(), "next": "/admin/"}
    assert client.post("/accounts/login/", fields).url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_it_is_silent_where_there_is_one(admin_person, tmp_path, capsys):
    call_command("first_admin")
    assert capsys.readouterr().out == ""
    assert User.objects.count() == 1
    assert list(tmp_path.iterdir()) == []


def test_it_takes_another_address(db, monkeypatch):
    monkeypatch.setenv("ADMIN_EMAIL", "Ruth@example.org")
    call_command("first_admin")
    assert User.objects.get().email == "ruth@example.org"


def test_it_refuses_nonsense(db, monkeypatch):
    monkeypatch.setenv("ADMIN_EMAIL", "ruth")
    with pytest.raises(CommandError, match="ADMIN_EMAIL"):
        call_command("first_admin")


def test_it_works_on_one_machine_only(db, settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="LOCAL=1"):
        call_command("first_admin")
    assert not User.objects.exists()


def test_it_makes_nobody_whose_password_cannot_be_kept(db, monkeypatch, tmp_path):
    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(first_admin.os, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        call_command("first_admin")
    assert not User.objects.exists()
    assert list(tmp_path.iterdir()) == []
