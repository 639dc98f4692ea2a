"""The servers that the environment does not bring, and where they live."""

import contextlib
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from embedded import lock, postgres, privileges, sockets, valkey
from embedded.postgres import Cluster
from embedded.sockets import Sockets
from embedded.supervisor import Supervisor


@dataclass(frozen=True)
class Ground:
    """The places of one pair of servers. The home may have to be one that others can reach."""

    id: str
    home: Path
    valkey: Path
    logs: Path
    socket_note: Path
    fast: bool = False


def missing(environ: Mapping[str, str]) -> set[str]:
    """Name the URLs that we have to bring ourselves."""
    return {name for name in ("DATABASE_URL", "REDIS_URL") if not environ.get(name)}


@contextlib.contextmanager
def running(wanted: AbstractSet[str], ground: Ground, supervisor: Supervisor) -> Iterator[dict[str, str]]:
    """Bring the wanted servers up and yield their URLs; leave nothing but the data behind."""
    if not wanted:
        yield {}
        return
    with contextlib.ExitStack() as stack:
        cluster = stack.enter_context(_cluster(ground, supervisor)) if "DATABASE_URL" in wanted else None
        places = stack.enter_context(_sockets(ground, cluster))
        stack.callback(supervisor.stop)
        urls = {}
        if cluster:
            postgres.start(cluster, places.postgres, supervisor)
            urls["DATABASE_URL"] = postgres.database_url(places.postgres)
        if "REDIS_URL" in wanted:
            valkey.start(ground.valkey, places.valkey, log=ground.logs / "valkey.log", supervisor=supervisor)
            urls["REDIS_URL"] = valkey.redis_url(places.valkey)
        yield urls


@contextlib.contextmanager
def _cluster(ground: Ground, supervisor: Supervisor) -> Iterator[Cluster]:
    """Hold the home of the cluster: a copied data folder would lead a second run to the same one."""
    ground.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    busy = f"The database in {ground.home} is in use"
    with lock.hold(ground.home / "lock", busy=busy, pause=supervisor.pause) as descriptor:
        supervisor.inherits += (descriptor,)
        log = ground.logs / "postgres.log"
        yield postgres.settle(ground.home, log=log, seed=ground.id, fast=ground.fast)


@contextlib.contextmanager
def _sockets(ground: Ground, cluster: Cluster | None) -> Iterator[Sockets]:
    sockets.remove_noted(ground.socket_note)
    places = sockets.make(cluster.server_account if cluster else None)
    sockets.note(ground.socket_note, places)
    try:
        yield places
    finally:
        privileges.remove(places.folder)
        ground.socket_note.unlink(missing_ok=True)
