"""`manage.py audit_invariants`: every room's promises, recounted."""

from typing import Any

from django.core.management.base import BaseCommand

from lib import audit


class Command(BaseCommand):
    """Prove the promises of every room; exit 1 and a list when one is broken."""

    help = "Recount and prove the promises that every room makes; exit 1 when one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each promise and one for each breach."""
        found = audit.breaches_at_one_moment()
        for promise, breaches in found.items():
            self.stdout.write(f"{'BROKEN' if breaches else 'kept':6} {promise}")
            for breach in breaches:
                self.stdout.write(f"       {breach}")
        broken = sum(map(len, found.values()))
        self.stdout.write(f"{len(found)} promises, {broken} breaches")
        if broken:
            raise SystemExit(1)
