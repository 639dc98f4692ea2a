"""Limits of nginx, and whether it takes the shipped configuration at all."""

import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from tests.deploy.fronting import NGINX, Origin, configured, nginx

pytestmark = pytest.mark.usefixtures("needs_nginx")


def complaints(folder: Path) -> str:
    command = [str(NGINX), "-t", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def test_it_is_a_valid_configuration(tmp_path: Path):
    configured(tmp_path, (8000,))
    text = complaints(tmp_path)
    assert "test is successful" in text
    # Newer ones would have `http2 on;`, which the oldest that we ship for does not know.
    assert [line for line in text.splitlines() if "[warn]" in line and "http2" not in line] == []


def test_it_would_see_an_invalid_one(tmp_path: Path):
    configured(tmp_path, (8000,))
    file = tmp_path / "hundred.conf"
    file.write_text(file.read_text().replace("proxy_cache_lock on;", "proxy_cache_lok on;"))
    assert "unknown directive" in complaints(tmp_path)


def test_it_limits_forms_and_no_reading(tmp_path: Path, origin: Origin):
    errors = tmp_path / "srv" / "static" / "errors"
    errors.mkdir(parents=True)
    (errors / "429.html").write_text("A moment, please.")
    with nginx(tmp_path, origin.port, few=True) as front:
        forms = [front.ask("/", "POST", b"x") for _ in range(10)]
        refused = [answer for answer in forms if answer.status == 429]
        assert len(refused) >= 3
        assert forms[0].status != 429
        assert refused[0].body == "A moment, please."
        assert refused[0].headers["Retry-After"] == "30"
        assert {front.ask("/").status for _ in range(30)} == {200}


def test_it_waits_for_a_slow_sender_alone(tmp_path: Path, origin: Origin):
    """Headers that dribble in never reach gunicorn."""
    with nginx(tmp_path, origin.port) as front, socket.create_connection(("127.0.0.1", front.port)) as raw:
        context = ssl._create_unverified_context()
        with context.wrap_socket(raw, server_hostname="localhost") as line:
            line.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf")
            assert front.ask("/").status == 200
            assert origin.asked["/"] == 1
