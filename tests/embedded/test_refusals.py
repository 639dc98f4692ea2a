"""What cannot work is said in one line, before anything is started."""

import os
import socket
from pathlib import Path

import pytest

from embedded import binaries, environment, identity, listening
from embedded.data_dir import DataDir
from embedded.trouble import Trouble
from tests.embedded.launching import STUB, run_to_end

ON_A_RISC_V = """
import platform, runpy, sys
platform.machine = lambda: "riscv64"
sys.argv = ["embedded", "run"]
runpy.run_module("embedded", run_name="__main__")
"""


def refusal(data: Path, *command: str, **more: str) -> str:
    status, text = run_to_end(data, *(command or STUB), **more)
    assert status == 1
    assert text.count("\n") == 1, text
    return text


def test_it_refuses_a_port_that_is_taken(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert refusal(data, PORT=str(port)).startswith(f"Port {port} is taken by another program.")


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_it_refuses_a_port_that_browsers_would_find_elsewhere() -> None:
    with (
        socket.create_server(("::1", 0), family=socket.AF_INET6) as other,
        pytest.raises(Trouble, match="taken"),
    ):
        listening.check_port({"HOST": "127.0.0.1", "PORT": str(other.getsockname()[1])})


@pytest.mark.parametrize("port", ["", "http", "0", "-1", "65536", "²"])
def test_it_refuses_what_is_no_port(port: str) -> None:
    with pytest.raises(Trouble, match="is no port"):
        listening.check_port({"HOST": "127.0.0.1", "PORT": port})


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "petitions.example"])
def test_it_refuses_to_be_reached_from_other_machines(data: Path, host: str) -> None:
    assert refusal(data, HOST=host).startswith(f"HOST={host} is not this machine alone")
    assert not data.exists()


def test_it_refuses_a_public_address(data: Path) -> None:
    text = refusal(data, SITE_URL="https://petitions.example")
    assert text.startswith("SITE_URL=https://petitions.example is not this machine alone")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]"])
def test_it_knows_this_machine(host: str) -> None:
    assert environment.is_loopback(host)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that not even root can write to")
def test_it_refuses_a_folder_it_cannot_write_to(data: Path) -> None:
    text = refusal(data, DATA_DIR="/proc/data")
    assert text.startswith("Cannot write to the data folder /proc/data: ")


def test_it_refuses_a_folder_that_holds_something_else(data: Path) -> None:
    data.mkdir(mode=0o755)
    (data / "thesis.tex").touch()
    assert "holds other files" in refusal(data)
    assert data.stat().st_mode & 0o777 == 0o755


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of somebody else")
def test_it_refuses_the_data_of_another_user(data: Path) -> None:
    data.mkdir()
    os.chown(data, 65534, 65534)
    assert "belongs to another user (uid 65534)" in refusal(data)


def test_it_refuses_a_machine_without_servers(data: Path) -> None:
    text = refusal(data, "-c", ON_A_RISC_V)
    assert "not on Linux riscv64" in text
    assert "set DATABASE_URL and REDIS_URL" in text


@pytest.mark.parametrize(("system", "libc"), [("FreeBSD", ""), ("Linux", "")])
def test_it_knows_where_the_wheels_run(monkeypatch: pytest.MonkeyPatch, system: str, libc: str) -> None:
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.libc_ver", lambda: (libc, ""))
    with pytest.raises(Trouble, match="not on"):
        binaries.check_platform()


def test_it_refuses_to_replace_a_lost_identity_key(tmp_path: Path) -> None:
    before = identity.load(DataDir(tmp_path))
    assert identity.load(DataDir(tmp_path)) == before
    (tmp_path / "identity-key").unlink()
    with pytest.raises(Trouble, match="identity-key is missing"):
        identity.load(DataDir(tmp_path))


def test_it_says_which_preparation_failed(used: Path) -> None:
    status, text = run_to_end(used, STUB_PREPARE="raise SystemExit('no such table: petitions')")
    assert status == 1
    assert "Preparing the database ended with status 1. The end of" in text
    assert "    no such table: petitions\n" in text


def test_it_refuses_an_old_python(data: Path) -> None:
    script = "import sys; sys.version_info = (3, 9, 1); import runpy; runpy.run_module('embedded', run_name='__main__')"
    status, text = run_to_end(data, "-c", script)
    assert (status, text.count("\n")) == (1, 1)
    assert text.startswith("Python 3.11 or newer is needed, not 3.9.")
