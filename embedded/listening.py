"""The address the web server listens on."""

import errno
import socket
from collections.abc import Mapping

from embedded.trouble import Trouble

LAST_PORT = 65535


def check_port(settings: Mapping[str, str]) -> None:
    """Refuse a port that cannot be had, before anything is started."""
    host, port = settings["HOST"].strip("[]"), _number(settings["PORT"])
    for address in _addresses(host, port):
        try:
            _try(address, port)
        except OSError as error:
            if address == host or error.errno == errno.EADDRINUSE:
                raise Trouble(_reason(error, address, port)) from error


def _number(port: str) -> int:
    if not (port.isascii() and port.isdigit() and 0 < int(port) <= LAST_PORT):
        raise Trouble(f"PORT={port} is no port: choose a number from 1024 to 65535.")
    return int(port)


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise Trouble(f"HOST={host} is no address of this machine.") from error
    # Browsers may try ::1 first for the printed http://localhost: nobody else may sit there.
    return [*dict.fromkeys(found), "::1"] if host == "127.0.0.1" else list(dict.fromkeys(found))


def _try(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((address, port))


def _reason(error: OSError, address: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Choose another one: make run PORT={port % LAST_PORT + 1}"
    if error.errno == errno.EACCES:
        return f"Port {port} is for root only. Choose one from 1024: make run PORT=8000"
    return f"Cannot listen on {address}: {error.strerror}."
