"""`manage.py import_seeds PATH…`: petitions from files and folders (seeds/README.md)."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from petitions.importing import checking, reading, table
from petitions.importing.found import Fault, SeedFile
from petitions.models import Topic
from petitions.services import planting
from petitions.services.planting import Outcome


class Command(BaseCommand):
    """Read everything, then write everything or nothing."""

    help = "Import petitions from captured text and from Markdown with front matter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take paths and two switches."""
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="a .txt or .md file, or a folder of them"
        )
        parser.add_argument("--dry-run", action="store_true", help="show what would happen and write nothing")
        parser.add_argument("--quiet", action="store_true", help="say nothing unless something is wrong")

    def handle(self, *, paths: Sequence[Path | str], dry_run: bool, quiet: bool, **_: Any) -> None:
        """Import, or name every fault and stop with status 1."""
        read = reading.read(map(Path, paths))
        topics = set(Topic.objects.values_list("slug", flat=True))
        faults = [*read.faults, *checking.faults(read.files, topics=topics)]
        if faults:
            self._refuse(read.files, faults, quiet=quiet)
        outcomes = planting.foresee(files=read.files) if dry_run else planting.plant(files=read.files)
        if not quiet:
            self._show([_row(outcome) for outcome in outcomes])
            if dry_run:
                self.stdout.write("This was a dry run: nothing was written.")

    def _refuse(self, files: Sequence[SeedFile], faults: Sequence[Fault], *, quiet: bool) -> None:
        for fault in faults:
            self.stderr.write(str(fault))
        if not quiet:
            self._show(_refused(files, faults))
        raise CommandError(
            "Nothing was imported; every line above names a file, a line and what is wrong there."
        )

    def _show(self, rows: Sequence[table.Row]) -> None:
        for line in table.lines(rows):
            self.stdout.write(line)
        self.stdout.write(table.totals(rows, ("created", "kept", "refused")))


def _row(outcome: Outcome) -> table.Row:
    found, petition = outcome.file.found, outcome.petition
    state = found.state.value if outcome.created else petition.state if petition else "gone"
    result = "created" if outcome.created else "kept"
    return table.Row(
        result, found.shape.value, state, f"{found.first_goal:,}", outcome.file.file, found.title
    )


def _refused(files: Sequence[SeedFile], faults: Sequence[Fault]) -> list[table.Row]:
    """Return a row for each file of a run that was stopped: the bad ones and those they held up."""
    bad = {fault.file for fault in faults}
    read = {file.file: file.found for file in files}
    rows = []
    for name in sorted({*bad, *read}):
        found = read.get(name)
        seen_as, title = (found.shape.value, found.title) if found else ("", "")
        rows.append(table.Row("refused" if name in bad else "held up", seen_as, "", "", name, title))
    return rows
