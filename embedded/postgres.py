"""PostgreSQL: one cluster, reachable through a socket only."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from embedded import binaries, privileges
from embedded.binaries import PostgresBinaries
from embedded.data_dir import ROOT
from embedded.processes import Account, Program
from embedded.supervisor import Supervisor
from embedded.trouble import Trouble

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "48MB",
    "max_wal_size": "256MB",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # Processes that a single small server has no use for.
    "io_method": "sync",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "wal_level": "minimal",
    # People's addresses stand in statements and details: they stay out of the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}
# For data that nobody will miss, and tests that come with many processes.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}

# The application is no superuser, as in production; it may create databases for tests.
CREATE_IF_MISSING = r"""
SELECT 'CREATE ROLE app LOGIN CREATEDB' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') \gexec
SELECT 'CREATE DATABASE app OWNER app' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'app') \gexec
"""
# Names a cluster that nobody has used yet; where it is set, new ones are copies of it, which takes a tenth of the time.
# `embedded scratch` sets it for its command, so that tests which bring up a dozen servers wait for initdb once.
PATTERN = "UNUSED_CLUSTER"
CLEAN = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "PGCONNECT_TIMEOUT": "5"}


@dataclass(frozen=True)
class Cluster:
    """Where one cluster lives, with what it runs and as whom."""

    binaries: PostgresBinaries
    folder: Path
    log: Path
    fast: bool = False
    initdb_account: Account | None = None
    server_account: Account | None = None


def settle(home: Path, *, log: Path, seed: str, fast: bool = False) -> Cluster:
    """Find the place of a cluster in its home; root gets copies and an account that others can use."""
    folder = home / "cluster"
    if not privileges.is_root():
        return Cluster(binaries.find_postgres(), folder, log, fast)
    privileges.make_passable(home)
    accounts = privileges.choose(seed, home)
    server = privileges.owner(folder) if folder.exists() else accounts.server
    return Cluster(binaries.copy_postgres(home), folder, log, fast, accounts.initdb, server)


def database_url(sockets: Path) -> str:
    """Return the URL of the application's database."""
    return f"postgres://app@/app?host={quote(str(sockets))}"


def start(cluster: Cluster, sockets: Path, supervisor: Supervisor) -> None:
    """Bring the cluster up with the application's database in it, making what is missing.

    The caller holds the cluster's lock, so a `postmaster.pid` can only be a leftover.
    """
    if not cluster.folder.exists():
        _initialise(cluster, supervisor)
    _check_version(cluster)
    (cluster.folder / "postmaster.pid").unlink(missing_ok=True)
    server = supervisor.start(_server(cluster, sockets))
    supervisor.wait_for(server, lambda: _is_ready(cluster) and _has_database(sockets), seconds=120)


def unused(home: Path) -> Path:
    """Return where throw-away servers keep a cluster as it was made, for others to copy."""
    return home / "cluster-unused"


def _initialise(cluster: Cluster, supervisor: Supervisor) -> None:
    partial = cluster.folder.with_name("cluster-partial")
    privileges.remove(partial)
    if pattern := os.environ.get(PATTERN):
        shutil.copytree(pattern, partial)
    else:
        _make(cluster, partial, supervisor)
    if cluster.server_account:
        privileges.give(partial, cluster.server_account)
    partial.rename(cluster.folder)


def _make(cluster: Cluster, folder: Path, supervisor: Supervisor) -> None:
    folder.mkdir(mode=0o700)
    if cluster.initdb_account:
        privileges.give(folder, cluster.initdb_account)
    supervisor.finish(_initdb(cluster, folder))
    if cluster.fast:
        shutil.copytree(folder, unused(cluster.folder.parent))


def _initdb(cluster: Cluster, folder: Path) -> Program:
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--data-checksums"]
    options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
    if cluster.fast:
        options.append("--no-sync")
    command = (cluster.binaries.program("initdb"), *options, f"--pgdata={folder}")
    return Program(
        "PostgreSQL's initdb",
        command,
        cluster.log,
        environ=CLEAN,
        account=cluster.initdb_account,
        folder=Path("/"),
    )


def _server(cluster: Cluster, sockets: Path) -> Program:
    settings = SETTINGS | {"unix_socket_directories": str(sockets)} | (FAST if cluster.fast else {})
    options = [f"--{name}={value}" for name, value in settings.items()]
    command = (cluster.binaries.program("postgres"), "-D", str(cluster.folder), *options)
    return Program(
        "PostgreSQL",
        command,
        cluster.log,
        stops=((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0)),
        environ=CLEAN,
        account=cluster.server_account,
        folder=Path("/"),
    )


def _check_version(cluster: Cluster) -> None:
    made_by = (cluster.folder / "PG_VERSION").read_text().strip()
    answer = subprocess.run(
        [cluster.binaries.program("postgres"), "--version"], capture_output=True, text=True, check=False
    )
    ours = answer.stdout.split()[-1].split(".")[0]
    if made_by != ours:
        raise Trouble(
            f"{cluster.folder} was made by PostgreSQL {made_by}, but {ours} is installed: dump with the old one, load with the new."
        )


def _is_ready(cluster: Cluster) -> bool:
    """Read the server's own word for it; asking through the socket would fill its log with refusals."""
    try:
        return (cluster.folder / "postmaster.pid").read_text().splitlines()[7].strip() == "ready"
    except (FileNotFoundError, IndexError):
        return False


def _has_database(sockets: Path) -> bool:
    psql = binaries.find_postgres().program("psql")
    command = [psql, "-X", "-q", "-h", str(sockets), "-U", "postgres", "-v", "ON_ERROR_STOP=1", "postgres"]
    answer = subprocess.run(
        command,
        input=CREATE_IF_MISSING.encode(),
        capture_output=True,
        cwd=ROOT,
        env=CLEAN,
        check=False,
    )
    return answer.returncode == 0
