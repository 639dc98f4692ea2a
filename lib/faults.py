"""What an error of the database means: away for a moment, met by somebody else’s work, or a fault of ours."""

import traceback
from pathlib import PurePath

from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.db.utils import Error
from psycopg2 import Error as DriverError

# A lock that was not to be had in time, a deadlock, a conflict of two transactions: the same work may succeed now.
PASSING = frozenset({"55P03", "40P01", "40001"})
# Errors that psycopg2 files under “internal”: a server that only reads, and a transaction that stood idle for long.
_ALSO_AWAY = frozenset({"25006", "25P03"})


def sqlstate(fault: BaseException) -> str:
    """Return PostgreSQL’s five letters for this error, or an empty string where the server said none."""
    return str(getattr(fault.__cause__, "pgcode", None) or "")


def is_passing(fault: BaseException) -> bool:
    """Say whether the work only met somebody else’s and was undone whole, so that it may be tried again."""
    return isinstance(fault, OperationalError) and sqlstate(fault) in PASSING


def is_outage(fault: BaseException | None) -> bool:
    """Say whether the database could not serve: away, full, overrun or too slow. Wrong data is never one."""
    if isinstance(fault, InternalError):
        return sqlstate(fault) in _ALSO_AWAY
    return isinstance(fault, OperationalError | InterfaceError) or _is_broken_line(fault)


def _is_broken_line(fault: BaseException | None) -> bool:
    """Tell whether the server hung up in the middle of an answer: psycopg2 then knows no kind and no five letters."""
    is_plain = type(fault) is DatabaseError and isinstance(fault.__cause__, DriverError)
    return is_plain and fault is not None and not sqlstate(fault)


def in_short(fault: BaseException) -> str:
    """Return the kind of an error for one line in the log; its own words may hold people’s data."""
    kind = type(fault).__name__
    return f"{kind} {sqlstate(fault)}".rstrip() if isinstance(fault, Error) else kind


def place_of(fault: BaseException) -> str:
    """Return the kind and place of a fault of ours; its own words may hold people’s data, secrets too."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(fault).__name__}{place}"
