"""`docs/benchmarks.md`: what was measured, where and when. What people have written below the table stays."""

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from bench.figures import Row, table
from bench.ground import Sizes
from bench.load import WRK
from embedded import binaries
from tests.deploy.fronting import NGINX

INTRODUCTION = """# Benchmarks

`make bench` writes this page; [bench/](../bench/) is how. A figure with brackets is the median of its rounds, with the least
and the greatest; what is compared was measured in turns within one run, and a ratio is the median of the rounds’ own
ratios. Three rows are one run each: visitors, where the brackets are of six equal parts of the time; the import; and the
fan-out, whose brackets are of parts of its way, and whose anchor was measured right before it, not in turns. Clicks on small
petitions are spread over many, so that each stays as near to its size as the row says. Absolute
figures are those of this machine, on which load, server and database share the cores; ratios carry over.

Everything was durable (fsync on, the log as a replica needs it), gunicorn and Celery as in production, PostgreSQL with the room
that docs/operations.md advises, the limits on, each signer with an address of their own. Only that a mail has been handed over
is recorded without waiting for the disk, in production too (decision [0016](decisions/0016-bulk-mail.md)). A member’s click
writes no mail. Visitors in the row of that name send the form and press the button; they fetch neither of the two pages. No
request was answered otherwise than it should be, and at the end rows, counts and mails, with how many of each kind were due,
were compared one by one and `audit_invariants` found nothing.

{machine}
{size}

{table}"""


def write(page: Path, rows: Sequence[Row], sizes: Sizes) -> None:
    """Write the page."""
    text = INTRODUCTION.format(machine=machine(), size=_size(sizes), table=table(rows))
    page.write_text(text + _by_hand(page), encoding="utf-8")


def machine() -> str:
    """Return where and when this is, and with what."""
    facts = [
        f"{os.cpu_count()} cores ({_processor()})",
        f"{_memory()} GiB",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        f"Django {metadata.version('Django')}",
        f"gunicorn {metadata.version('gunicorn')}",
        *(_first_line(command) for command in _programs()),
    ]
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{when}, commit {_commit()}: {', '.join(facts)}."


def _programs() -> list[list[str]]:
    commands = [
        [binaries.find_postgres().program("postgres"), "--version"],
        [binaries.find_valkey(), "--version"],
    ]
    return [*commands, *([[NGINX, "-v"]] if NGINX else []), *([[WRK, "-v"]] if WRK else [])]


def _first_line(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).splitlines()
    words = lines[0].replace("nginx version: ", "").split() if lines else command
    return " ".join(words[:3])


def _size(sizes: Sizes) -> str:
    return (
        f"{sizes.rounds} rounds, {sizes.petitions:,} petitions; {sizes.few:,}, {sizes.some:,} and {sizes.many:,} "
        "signatures on the petitions that are signed."
    )


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or "?"


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _by_hand(page: Path) -> str:
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    mark = text.find("\n## ")
    return text[mark:] if mark >= 0 else ""
