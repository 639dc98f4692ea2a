"""`manage.py error_pages`: the pages that nginx shows when nobody else can, as plain files."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string

# By the answer's status: away, too big, too many.
PAGES = {"503": "503.html", "413": "static_errors/413.html", "429": "static_errors/429.html"}
FOLDER = "errors"


class Command(BaseCommand):
    """Write them beside the static files; run it after each collectstatic, for they name those files."""

    help = "Write the pages that nginx shows by itself to STATIC_ROOT/errors."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write each page at once or not at all."""
        if not settings.STATIC_ROOT:
            raise CommandError(
                "There is no STATIC_ROOT with LOCAL=1; these pages are for a site behind nginx."
            )
        folder = Path(settings.STATIC_ROOT) / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        for status, template in PAGES.items():
            partial = folder / f".{status}.html"
            partial.write_text(render_to_string(template, {"is_file": True}), encoding="utf-8")
            partial.replace(folder / f"{status}.html")
        self.stdout.write(f"{len(PAGES)} pages in {folder}")
