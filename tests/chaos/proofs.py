"""`python -m tests.chaos.proofs REPORT PAGE`: makes the table of what `make chaos` has reached."""

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

INTRODUCTION = """# Proofs

What the fault tests (`tests/chaos/`) reached at full size; `make chaos` writes this page. Each runs the whole site as in
production (durable PostgreSQL, Valkey, gunicorn, Celery, beat, a real mail server) and breaks parts of it; after each
test `audit_invariants` recounted every promise. The same dice fall again with `CHAOS_SEED={seed} make chaos`.

{when}, commit {commit}, {cores} cores, Python {python}, {total} figures.

| promise | figure reached | test | seconds |
|---|---|---|---|
"""


def main(report: Path, page: Path) -> None:
    """Read the report's lines and write the page, in the order of the promises' names."""
    lines = [json.loads(line) for line in report.read_text().splitlines()] if report.exists() else []
    rows = [_row(line) for line in sorted(lines, key=_place)]
    page.write_text(INTRODUCTION.format(**_facts(lines)) + "".join(rows) + _by_hand(page))
    sys.stdout.write("".join(rows))


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
