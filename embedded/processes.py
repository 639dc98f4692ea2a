"""Child processes that never outlive us and stop in bounded time."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self

from embedded.data_dir import ROOT

PR_SET_PDEATHSIG = 1
TAIL_LINES = 12
KEPT_LOG_BYTES = 5_000_000


@dataclass(frozen=True)
class Account:
    """The user a process runs as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Program:
    """What to run, and how to make it stop: signals in order, each with the seconds it is given."""

    name: str
    command: tuple[str, ...]
    log: Path
    stops: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 5.0),)
    environ: Mapping[str, str] | None = None
    account: Account | None = None
    folder: Path = ROOT
    inherits: tuple[int, ...] = ()


@dataclass
class Child:
    """A running program."""

    program: Program
    process: subprocess.Popen[bytes] = field(repr=False)

    @classmethod
    def start(cls, program: Program) -> Self:
        """Run the program in a process group of its own, so that Ctrl-C reaches us alone."""
        account = program.account
        _keep_bounded(program.log)
        with program.log.open("ab") as log:
            process = subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=program.folder,
                env=program.environ,
                process_group=0,
                pass_fds=program.inherits,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                umask=0o077,
                preexec_fn=dying_with_us(program.stops[0][0]),  # noqa: PLW1509 - we have no threads
            )
        return cls(program, process)

    def is_running(self) -> bool:
        """Tell whether it still runs."""
        return self.process.poll() is None

    def how_it_ended(self) -> str:
        """Say in words how it ended."""
        status = self.process.poll()
        return f"was killed by signal {-status}" if status and status < 0 else f"ended with status {status}"

    def tail(self) -> str:
        """Return the end of its log."""
        with self.program.log.open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - 8000))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-TAIL_LINES:])

    def stop(self) -> None:
        """Stop it by ever harder means; afterwards nothing of its group is left."""
        for number, seconds in self.program.stops:
            if self.is_running():
                self.process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(seconds)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def dying_with_us(number: signal.Signals) -> Callable[[], None]:
    """Return what a child must run before its program so that our death reaches it as this signal.

    Linux only: elsewhere a launcher that is killed outright leaves its servers, and the lock they hold
    makes the next run say so.
    """
    parent, ask = os.getpid(), _asking_for(number)

    def arrange() -> None:
        ask()
        if os.getppid() != parent:  # we died before the child asked
            os._exit(1)

    return arrange


def die_with_parent() -> None:
    """Stop when the process that started us dies, even by SIGKILL; Linux only."""
    _asking_for(signal.SIGTERM)()


def _asking_for(number: signal.Signals) -> Callable[[], object]:
    if not sys.platform.startswith("linux"):
        return lambda: None
    return partial(ctypes.CDLL(None).prctl, PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def _keep_bounded(log: Path) -> None:
    if log.exists() and log.stat().st_size > KEPT_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
