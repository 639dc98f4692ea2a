"""The few lines that people see."""

import contextlib
import sys
from pathlib import Path

from embedded.trouble import Trouble


def say(line: str = "") -> None:
    """Show a line at once; a terminal that has gone away is no reason to fail."""
    with contextlib.suppress(OSError, ValueError):
        print(line, flush=True)


def complain(trouble: Trouble) -> None:
    """Show what went wrong, then the end of the log that tells why."""
    indented = "".join(f"    {line}\n" for line in trouble.log_tail.splitlines())
    with contextlib.suppress(OSError, ValueError):
        print(f"{trouble}\n{indented}", end="", file=sys.stderr, flush=True)


def short(path: Path) -> str:
    """Spell a path as people would type it from where they are."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
