"""`manage.py after_restore`: make a database that came from a backup safe to use."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from signatures.services.resuming import resume


class Command(BaseCommand):
    """Run once after a restore and before web, workers and beat start; running it again does no harm."""

    help = "After a restore, before anything starts: finish announcements, flag queued mails, end sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let the operator choose to send none of the mails."""
        parser.add_argument(
            "--drop-mails", action="store_true", help="send none of the mails that were queued"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what becomes of the mails."""
        found = resume(drop_mails=options["drop_mails"])
        fate = (
            "dropped"
            if options["drop_mails"]
            else "marked “may have arrived twice”, and leave when workers start"
        )
        self.stdout.write(f"{found.mails} mails were queued and may have been sent already: {fate}.")
        self.stdout.write(f"{found.sessions} sessions ended: everybody signs in again.")
