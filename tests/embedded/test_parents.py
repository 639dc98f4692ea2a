"""Between us and the terminal stands `make`, which keeps some signals to itself."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

from embedded import lock
from embedded.data_dir import ROOT
from tests.embedded.launching import clean_environ, free_port, is_alive, launched, offspring, until

LIKE_MAKE = """
import fcntl, signal, subprocess, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGHUP, lambda *_: None)
sys.exit(subprocess.call([sys.executable, "-m", "tests.embedded.stub_site"]))
"""
KILLED_LATER = """
import subprocess, sys
command = "print('at work', flush=True); import time; time.sleep(60)"
scratch = ["-m", "embedded", "--with-parent", "scratch", "--fast", "--", sys.executable, "-c", command]
subprocess.call([sys.executable, *scratch])
"""


def in_a_terminal(script: str, environ: dict[str, str]) -> tuple[subprocess.Popen[bytes], int]:
    terminal, inside = pty.openpty()
    command = [sys.executable, "-c", script]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdin=inside, stdout=inside, stderr=inside, start_new_session=True
    )
    os.close(inside)
    return process, terminal


def test_it_stops_when_the_terminal_closes(used: Path) -> None:
    leader, terminal = in_a_terminal(LIKE_MAKE, clean_environ(DATA_DIR=str(used), PORT=str(free_port())))
    seen = b""
    while b"Press Ctrl-C" not in seen:
        seen += os.read(terminal, 4096)
    family = offspring(leader.pid)
    os.close(terminal)
    leader.wait(30)
    assert not lock.is_held(used / "lock")
    assert not any(is_alive(member) for member in family)


def test_it_stops_when_make_is_killed(data: Path) -> None:
    with launched(data, "-c", KILLED_LATER) as parent:
        until(lambda: "at work" in parent.text, "command started")
        family = parent.family()
        assert len(family) > 4
        parent.ask_to_stop(signal.SIGKILL)
        until(lambda: not any(is_alive(pid) for pid in family), "all gone")
