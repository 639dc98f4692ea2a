"""Valkey: the doorbell and the cache, reachable through a socket only."""

import signal
import socket
from pathlib import Path
from urllib.parse import quote

from embedded import binaries
from embedded.processes import Program
from embedded.supervisor import Supervisor


def redis_url(path: Path) -> str:
    """Return the URL of the first database."""
    return f"unix://{quote(str(path))}?db=0"


def start(folder: Path, path: Path, *, log: Path, supervisor: Supervisor) -> None:
    """Bring the server up with what the folder kept."""
    server = supervisor.start(_server(folder, path, log))
    supervisor.wait_for(server, lambda: _answers(path), seconds=60)


def _server(folder: Path, path: Path, log: Path) -> Program:
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    command = (binaries.find_valkey(), *arguments)
    return Program("Valkey", command, log, stops=((signal.SIGTERM, 10.0),), folder=folder)


def _answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
    except OSError:
        return False
