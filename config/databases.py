"""How PostgreSQL is reached: for how long, with which patience, and through which kind of pooler."""

from typing import Any

# What takes long lifts these for itself: `migrate`, the audit (docs/decisions/0012).
SESSION = {
    "lock_timeout": "2s",
    "statement_timeout": "10s",
    "idle_in_transaction_session_timeout": "30s",
    # How alike a title must be for readers who mistyped (0.6 by default finds too little).
    "pg_trgm.word_similarity_threshold": "0.5",
    # Where pages lie in memory or on a solid-state disk, finding one costs hardly more than reading the next one. With the
    # default, made for disks that turn, whole tables are read where an index is ten times as quick.
    "random_page_cost": "1.1",
}
# A server that vanished without a word is given up within ten seconds (TCP alone; a socket file knows).
PATIENCE = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}
# Of a replica within three: then the primary is asked (docs/decisions/0017).
LITTLE_PATIENCE = {
    "connect_timeout": 2,  # libpq takes no less
    "keepalives_idle": 1,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": 3_000,
}


def options(server: dict[str, Any], *, pooled: bool = False) -> dict[str, Any]:
    """Return Django's settings for the primary. A pooler lends a connection for one transaction at a time.

    So nothing may be agreed on for a session: the role has the limits instead (docs/deploy/README.md), and rows are
    fetched whole, for a cursor would be left behind on another connection.
    """
    session = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    return {
        **server,
        "ENGINE": "lib.postgres",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
        "OPTIONS": {**server.get("OPTIONS", {}), **PATIENCE, **({} if pooled else {"options": session})},
    }


def replica_options(server: dict[str, Any], *, pooled: bool = False) -> dict[str, Any]:
    """Return Django's settings for the replica; in tests it is the primary by another name."""
    known = options(server, pooled=pooled)
    return {**known, "OPTIONS": {**known["OPTIONS"], **LITTLE_PATIENCE}, "TEST": {"MIRROR": "default"}}
