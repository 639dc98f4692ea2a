"""`python -m tests.chaos.proofs REPORT PAGE`: makes the table of what a whole `make chaos` has reached, or prints it."""

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.chaos.report import NOT_KEPT

INTRODUCTION = """# Proofs

What the fault tests (`tests/chaos/`) reached at full size; `make chaos` writes this page. They run the whole site as in
production (durable PostgreSQL, Valkey, gunicorn, Celery, beat, a real mail server) and break parts of it; after each
test `audit_invariants` recounted every promise. Two are otherwise: `test_machine` calls the services in one process, on
servers that need not survive a power cut, and `test_migrations` a durable PostgreSQL alone. The same dice fall again
with `CHAOS_SEED={seed} make chaos`.

{when}, commit {commit}, {cores} cores, Python {python}, {total} figures.

| promise | figure reached | test | seconds |
|---|---|---|---|
"""


def main(report: Path, page: Path) -> None:
    """Print the report's lines in the order of the promises' names; after a whole run write the page of them."""
    lines = [json.loads(line) for line in report.read_text().splitlines()] if report.exists() else []
    figures = sorted(_kept([line for line in lines if "figure" in line]), key=_place)
    rows = "".join(map(_row, figures))
    sys.stdout.write(rows)
    if any("whole" in line for line in lines):
        page.write_text(INTRODUCTION.format(**_facts(figures)) + rows + _by_hand(page))
    else:
        sys.stdout.write(f"Not all was run to its end: {page} stays as it was.\n")


def _kept(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let no figure stand of a test that failed, be it before or after."""
    failed = {line["test"] for line in lines if line["figure"] == NOT_KEPT}
    promised = {line["test"] for line in lines if line["promise"]}
    return [
        {**line, "figure": NOT_KEPT} if line["test"] in failed else line
        for line in lines
        if line["promise"] or line["test"] not in promised
    ]


def _row(line: dict[str, Any]) -> str:
    test = line["test"].partition("::")
    return f"| {line['promise']} | {line['figure']} | `{Path(test[0]).stem}`: {_name(test[2])} | {line.get('seconds', '')} |\n"


def _name(test: str) -> str:
    return test.removeprefix("test_").replace("_", " ")


def _place(line: dict[str, Any]) -> tuple[str, int]:
    """Sort S2 before S10."""
    letters = line["promise"].rstrip("0123456789")
    digits = line["promise"][len(letters) :]
    return letters, int(digits or 0)


def _by_hand(page: Path) -> str:
    """Keep what people wrote below the table: the promises that can't be kept, and why."""
    text = page.read_text() if page.exists() else ""
    mark = text.find("\n## ")
    return text[mark:] if mark >= 0 else ""


def _facts(lines: list[dict[str, Any]]) -> dict[str, Any]:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return {
        "seed": lines[0]["seed"] if lines else "?",
        "when": datetime.now(UTC).date().isoformat(),
        "commit": commit.stdout.strip() or "?",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "total": len(lines),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
