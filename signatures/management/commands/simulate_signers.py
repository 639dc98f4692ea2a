"""`manage.py simulate_signers SLUG N`: watch a petition being signed, on this machine alone."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lib import clock
from petitions import counting
from petitions.cards import can_be_signed
from petitions.guards import id_in
from petitions.models import Petition
from signatures.services.simulating import Crowd, Deed

MOST = 100_000
# A newcomer should see the count climb, and read the mails of the goal within a minute.
SECONDS = 20.0
BAR = 30


class Command(BaseCommand):
    """Let N people ask, confirm and, a few more, withdraw, through the services that visitors use."""

    help = (
        "Only with LOCAL=1: N simulated people sign a petition and stay, and one more for every ten signs and"
        " withdraws. Their addresses end in example.invalid, which no mail ever reaches."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the petition, how many people, and how long it may last."""
        parser.add_argument("slug", help="the petition’s address part, or the number at its end")
        parser.add_argument("people", type=int, metavar="N", help="how many sign and stay")
        parser.add_argument(
            "--seconds", type=float, default=SECONDS, help="at least so long, to be watched (%(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Sign, and say where to look."""
        people: int = options["people"]
        if not settings.LOCAL:
            _refuse(
                "simulate_signers invents signatures, so it works only with LOCAL=1, as under `make run`."
            )
        if not 1 <= people <= MOST:
            _refuse(f"N must be from 1 to {MOST}.")
        petition = _petition(options["slug"])
        self.stdout.write(f"Watch {settings.SITE_URL}{petition.get_absolute_url()}")
        self.stdout.write(_where_mails_are())
        signed, withdrawn = self._sign(Crowd(petition, people), options["seconds"])
        self._report(petition, signed, withdrawn)

    def _sign(self, crowd: Crowd, seconds: float) -> tuple[int, int]:
        signed = withdrawn = 0
        for done, deed in enumerate(_paced(crowd, seconds), start=1):
            signed += deed is Deed.SIGNED
            withdrawn += deed is Deed.WITHDREW
            self._show(done, len(crowd))
        return signed, withdrawn

    def _show(self, done: int, of: int) -> None:
        """Draw the bar over itself on a terminal, else write a line at each tenth."""
        if self.stdout.isatty():
            filled = BAR * done // of
            bar = "#" * filled + "." * (BAR - filled)
            self.stdout.write(f"\r[{bar}] {done} of {of}", ending="\n" if done == of else "")
            self.stdout.flush()
        elif done == of or done * 10 // of > (done - 1) * 10 // of:
            self.stdout.write(f"{done} of {of}")

    def _report(self, petition: Petition, signed: int, withdrawn: int) -> None:
        progress = counting.progress_of(petition.slug)
        self.stdout.write(f"{signed} signed and stayed, {withdrawn} signed and withdrew.")
        if progress:
            self.stdout.write(progress.sentence)


def _paced(crowd: Crowd, seconds: float) -> Iterator[Deed]:
    """Let them come evenly over the time, later ones without a pause where the machine is slower."""
    began = time.monotonic()
    for number, deed in enumerate(crowd, start=1):
        yield deed
        due = began + seconds * number / len(crowd)
        time.sleep(max(0.0, due - time.monotonic()))


def _petition(slug: str) -> Petition:
    wanted = int(slug) if slug.isdecimal() else id_in(slug)
    petition = Petition.objects.public().with_text().filter(pk=wanted).first()
    if petition is None:
        _refuse(f"There is no public petition “{slug}”.")
    if not can_be_signed(petition, clock.now()):
        _refuse("This petition can’t be signed any more.")
    return petition


def _where_mails_are() -> str:
    if settings.MAIL_STAYS_HERE:
        return f"Read the mails at {settings.SITE_URL}/dev/mail/ (files in {settings.MAIL_DIR})"
    return "Mails go to the server of EMAIL_URL; those to the simulated people end at example.invalid."


def _refuse(why: str) -> NoReturn:
    raise CommandError(why)
