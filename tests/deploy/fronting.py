"""The shipped nginx configuration on high ports and made-up paths, in front of gunicorn or of a stand-in."""

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.embedded.launching import offspring, until

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs" / "deploy"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
# What a rush is, in numbers that a test reaches at once.
FEW = {"rate=30r/s": "rate=1r/s", "burst=300": "burst=5"}
# The socket is descriptor 3, and the process is told its own number.
AS_SYSTEMD_DOES = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""
MAIN = """
{user}
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/hundred.conf;
}}
"""


@dataclass(frozen=True)
class Answer:
    """One answer, read to its end."""

    status: int
    headers: http.client.HTTPMessage
    body: str

    @property
    def cache(self) -> str | None:
        return self.headers["X-Cache-Status"]


@dataclass
class Front:
    """A running nginx."""

    folder: Path
    port: int
    plain_port: int
    process: subprocess.Popen[bytes] = field(repr=False)

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Ask over TLS as a browser at port 443 would."""
        line = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=30, context=ssl._create_unverified_context()
        )
        named = {"Host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}
        try:
            line.request(method, path, body, named)
            reply = line.getresponse()
            return Answer(reply.status, reply.headers, reply.read().decode())
        finally:
            line.close()


def hidden_fields(page: str) -> dict[str, str]:
    """Return what a form sends back as it found it."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def free_ports(number: int) -> list[int]:
    probes = [socket.socket() for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def configured(folder: Path, upstreams: tuple[int, ...], *, few: bool = False) -> tuple[int, int]:
    """Write the shipped configuration with this machine's places in it; each must be there to be replaced."""
    port, plain_port = free_ports(2)
    text = (DEPLOY / "nginx" / "hundred.conf").read_text(encoding="utf-8")
    places = {
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{plain_port};",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/letsencrypt/live/petitions.example": str(folder),
        "petitions.example": "localhost",
        "    server 127.0.0.1:8000;\n": "".join(f"    server 127.0.0.1:{each};\n" for each in upstreams),
        "/var/cache/nginx/hundred": f"{folder}/cache",
        "/var/log/nginx": str(folder),
        "/srv/hundred": f"{folder}/srv",
    }
    for shipped, here in {**places, **(FEW if few else {})}.items():
        assert shipped in text, shipped
        text = text.replace(shipped, here)
    (folder / "hundred.conf").write_text(text, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
    _make_certificate(folder)
    return port, plain_port


def _make_certificate(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=localhost"]
    command += ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def nginx(folder: Path, *upstreams: int, few: bool = False) -> Iterator[Front]:
    """Run nginx with the shipped configuration in front of these ports."""
    assert NGINX
    port, plain_port = configured(folder, upstreams, few=few)
    process = subprocess.Popen([NGINX, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
    try:
        until(lambda: process.poll() is not None or is_open(port), "nginx listens")
        assert process.poll() is None, (folder / "error.log").read_text()
        yield Front(folder, port, plain_port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Gunicorn:
    """The web server as in production, on a port of its own or on a socket that somebody else holds."""

    environ: dict[str, str]
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self, held: socket.socket | None = None) -> None:
        command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi:application"]
        environ = {**self.environ, "PORT": str(self.port)}
        if held:
            command = [sys.executable, "-c", AS_SYSTEMD_DOES, str(held.fileno()), *command]
        with self.log.open("ab") as log:
            fds = (held.fileno(),) if held else ()
            self.process = subprocess.Popen(
                command, env=environ, cwd=ROOT, stdout=log, stderr=log, pass_fds=fds
            )
        until(self._answers, "gunicorn answers", 60)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def kill(self) -> None:
        """End it as a lost machine would: without a word to anybody."""
        assert self.process
        for pid in (self.process.pid, *offspring(self.process.pid)):
            os.kill(pid, signal.SIGKILL)
        self.process.wait(20)
        self.process = None

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Ask it directly, as nginx would."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {"Host": "localhost", "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            line.request(method, path, body, named)
            reply = line.getresponse()
            return Answer(reply.status, reply.headers, reply.read().decode())
        finally:
            line.close()

    def _answers(self) -> bool:
        assert self.process
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.ask("/healthz").status == 200
        except OSError:
            return False


class Origin:
    """A stand-in for gunicorn that says what it is told to, and counts who asks."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.says: Callable[[str], tuple[int, dict[str, str]]] = lambda _path: (200, {})
        self.seen: dict[str, str] = {}
        self.hold = threading.Event()
        self.hold.set()
        origin = self

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                origin.asked[self.path] += 1
                origin.seen = dict(self.headers)
                body = str(origin.asked[self.path]).encode()
                origin.hold.wait(20)
                status, headers = origin.says(self.path)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.port = int(self.server.server_address[1])
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.hold.set()
        self.server.shutdown()
        self.server.server_close()
