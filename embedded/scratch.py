"""`python -m embedded scratch -- COMMAND`: servers and data that last as long as one command."""

import contextlib
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from embedded import binaries, data_dir, environment, identity, lock, postgres, privileges, servers, sockets
from embedded.attention import Attention
from embedded.data_dir import DataDir
from embedded.processes import dying_with_us
from embedded.screen import complain
from embedded.servers import Ground
from embedded.supervisor import Supervisor
from embedded.trouble import StopRequested, Trouble

PREFIX = "hundred-scratch-"
BOTH = frozenset({"DATABASE_URL", "REDIS_URL"})
# Between making its folder and locking it, a run is not to be taken for a dead one.
GRACE = 60.0


@dataclass(frozen=True)
class Scratch:
    """Servers that will be thrown away, with a data folder that goes with them."""

    urls: Mapping[str, str]
    data: DataDir
    home: Path
    supervisor: Supervisor


@contextlib.contextmanager
def servers_to_throw_away(
    wanted: AbstractSet[str] = BOTH, *, fast: bool = False, supervisor: Supervisor | None = None
) -> Iterator[Scratch]:
    """Bring the wanted servers up on fresh data and remove everything afterwards.

    With `fast` the data would not survive a power cut; it is not meant to.
    """
    supervisor = supervisor or Supervisor()
    if wanted:
        binaries.check_platform()
    with _folder() as folder, lock.hold(folder / "lock", busy=f"{folder} is in use") as descriptor:
        supervisor.inherits = (descriptor,)
        data = DataDir(folder / "data")
        data_dir.prepare(data)
        new_id = identity.make().id
        ground = Ground(new_id, folder / "postgres", data.valkey, data.path / "logs", data.socket_note, fast)
        with servers.running(wanted, ground, supervisor) as urls:
            yield Scratch(urls, data, ground.home, supervisor)


def run(command: Sequence[str], environ: Mapping[str, str], *, fast: bool = False) -> int:
    """Run a command beside the servers its environment lacks; return its exit status."""
    with Attention() as attention:
        try:
            supervisor = Supervisor(attention.pause)
            with servers_to_throw_away(servers.missing(environ), fast=fast, supervisor=supervisor) as scratch:
                status = _attend(command, _settings(environ, scratch), attention)
                supervisor.check()
        except StopRequested:
            return 130
        except Trouble as trouble:
            complain(trouble)
            return 1
    return status


def _settings(environ: Mapping[str, str], scratch: Scratch) -> dict[str, str]:
    made = {**identity.make().keys(), **scratch.urls}
    unused = postgres.unused(scratch.home)
    if unused.exists():
        made[postgres.PATTERN] = str(unused)
    settings = environment.chosen(environ, scratch.data, made)
    return settings | ({"DATA_DIR": environ["DATA_DIR"]} if environ.get("DATA_DIR") else {})


def _attend(command: Sequence[str], settings: Mapping[str, str], attention: Attention) -> int:
    """Wait for the command. Ctrl-C reaches it from the terminal; other wishes to stop are passed on."""
    try:
        dying = dying_with_us(signal.SIGTERM)
        process = subprocess.Popen(command, env=settings, preexec_fn=dying)  # noqa: PLW1509 - we have no threads
    except OSError as error:
        raise Trouble(f"Cannot run {command[0]}: {error.strerror}.") from error
    while process.poll() is None:
        if attention.stop_signal in {signal.SIGTERM, signal.SIGHUP}:
            process.send_signal(attention.stop_signal)
            attention.stop_signal = None
        attention.rest(60)
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    base = privileges.home_for_root("") if privileges.is_root() else Path(tempfile.gettempdir())
    _sweep(base)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    if privileges.is_root():
        privileges.make_passable(folder)
    try:
        yield folder
    finally:
        privileges.remove(folder)


def _sweep(base: Path) -> None:
    """Remove what a killed run could not remove itself."""
    for folder in base.glob(PREFIX + "*"):
        with contextlib.suppress(OSError):
            age = time.time() - folder.stat().st_mtime
            if age > GRACE and (folder / "lock").exists() and not lock.is_held(folder / "lock"):
                sockets.remove_noted(DataDir(folder / "data").socket_note)
                privileges.remove(folder)
