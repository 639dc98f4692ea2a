"""`python -m bench.costs [--rounds 100]`: what one request and one mail cost, for the model of docs/scaling.md.

It runs where manage.py works, on a site of its own that it fills, with the database on the same Linux machine. Each thing
is done so many times in this process, after three that are not counted; the median counts. Web and worker are the time of
the processor here, the database is the time of the process that serves our connection (`schedstat`), and both are
milliseconds. The log is what the whole database has written, in bytes; nothing else may use it meanwhile.
"""

import argparse
import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from statistics import median
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django has to be set up first
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

from bench import sink  # noqa: E402
from bench.populate import Wanted, populate  # noqa: E402
from bench.processors import worked  # noqa: E402
from bench.rows.lists import browsing, searches  # noqa: E402
from lib import tokens  # noqa: E402
from outbox.delivery import deliver  # noqa: E402
from outbox.models import Lane  # noqa: E402
from signatures.emails import CONFIRM  # noqa: E402
from signatures.models import Signature  # noqa: E402
from signatures.rollup import roll_up  # noqa: E402
from signatures.services import announcing  # noqa: E402
from signatures.views.signing import THANKS  # noqa: E402
from tests.chaos import acts, visits  # noqa: E402
from tests.chaos.crowd import Request  # noqa: E402

Act = Callable[[], object]
WARM_UP = 3
PETITIONS, SIGNATURES, SUPPORTERS = 1_000, 10_000, 2_000
_ANSWERS = WSGIHandler()


@dataclass(frozen=True)
class Work:
    """What is worked for one thing: milliseconds here and in the database, bytes of its log."""

    here: float
    database: float
    log: int


def each(things: Sequence[Act]) -> Work:
    """Return what one of them takes: the medians, and the mean of the log."""
    for act in things[:WARM_UP]:
        act()
    taken, began = [], _log()
    for act in things[WARM_UP:]:
        before = worked()
        act()
        taken.append([now - then for now, then in zip(worked(), before, strict=True)])
    here, database = map(median, zip(*taken, strict=True))
    return Work(here, database, (_log() - began) // len(taken))


def all_of(act: Callable[[], int]) -> Work:
    """Return what each of so many things takes as the act says that it has done, until it says none."""
    log, began, done = _log(), worked(), 0
    while some := act():
        done += some
    here, database = ((now - then) / done for now, then in zip(worked(), began, strict=True))
    return Work(here, database, (_log() - log) // done)


def _log() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'")
        return int(cursor.fetchone()[0])


def asked(request: Request) -> Act:
    """Return what sends a request to the site as a browser does, and refuses any answer but a page or the way to one."""
    host = settings.ALLOWED_HOSTS[0]
    headers = {"X-Forwarded-Proto": "https", "Referer": f"https://{host}/", **request.headers}
    form = "application/x-www-form-urlencoded"
    method = "GET" if request.body is None else "POST"
    sent: Any = RequestFactory(SERVER_NAME=host).generic(
        method, request.path, request.body or "", form, secure=True, headers=headers
    )

    def act() -> None:
        said: list[str] = []
        answer = _ANSWERS(sent.environ, lambda status, *_: said.append(status))
        b"".join(answer)
        answer.close()
        if int(said[0].split()[0]) not in (HTTPStatus.OK, HTTPStatus.FOUND):
            raise SystemExit(f"{request.path}: {said[0]}")

    return act


def measure(rounds: int) -> dict[str, float]:
    """Return the values of the model by their names."""
    with sink.running() as mails:
        way = {
            "EMAIL_BACKEND": "outbox.smtp.SmtpBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": mails.port,
        }
        with override_settings(**way):
            return _measured(rounds)


def _measured(rounds: int) -> dict[str, float]:
    number = rounds + WARM_UP
    made = populate(Wanted(petitions=PETITIONS + number, signatures=SIGNATURES))
    hot = f"/petitions/{made.signed[0]}/"
    return {**_reading(hot, made.petitions[:number]), **_signing(hot, number), **_telling(acts.people(1)[0])}


def _reading(hot: str, others: Sequence[str]) -> dict[str, float]:
    def looks(path: str) -> Work:
        return each([asked(Request(path)) for _ in others])

    dice = random.Random(1)
    steps = {
        "page": each([asked(Request(f"/petitions/{slug}/")) for slug in others]),
        "panel": looks(f"{hot}panel/"),
        "browse": each([asked(Request(path)) for path in islice(browsing(dice), len(others))]),
        "search": each([asked(Request(path)) for path in islice(searches(dice), len(others))]),
    }
    return {
        **_both(steps),
        "home_ms": looks("/").here,
        "count_ms": looks(f"{hot}count.json").here,
        "corner_ms": looks("/accounts/corner/").here,
        "sent_ms": looks(f"{hot}sign/sent/").here,
    }


def _both(steps: dict[str, Work]) -> dict[str, float]:
    """Name what each of them takes here and of the database."""
    here = {f"{name}_ms": step.here for name, step in steps.items()}
    return here | {f"{name}_db_ms": step.database for name, step in steps.items()}


def _signing(hot: str, number: int) -> dict[str, float]:
    petition, addresses = {"path": hot}, [f"visitor-{nth}@costs.example" for nth in range(number)]
    people, forms = acts.people(number), acts.stamps(number)
    member = each([asked(visits.sign(petition, person, number=nth)) for nth, person in enumerate(people)])
    ask = each(
        [
            asked(visits.ask(petition, email, hidden, number=nth))
            for nth, (email, hidden) in enumerate(zip(addresses, forms, strict=True))
        ]
    )
    mail = all_of(lambda: deliver([Lane.URGENT]))
    confirm = each([_confirming(email) for email in addresses])
    thanks = each([_thanking(email) for email in addresses])
    return {
        **_both({"member": member, "ask": ask, "confirm": confirm, "thanks": thanks, "mail": mail}),
        "member_wal": member.log,
        "visitor_wal": ask.log + mail.log + confirm.log,
    }


def _confirming(email: str) -> Act:
    """Return what opens the page behind the link of a mail, and then presses its button."""
    path = f"/signatures/confirm/{tokens.make(CONFIRM, _signature_of(email))}/"
    page, button = asked(Request(path)), asked(visits.confirm(f"https://site{path}"))
    return lambda: (page(), button())


def _thanking(email: str) -> Act:
    """Return what opens the page to which the button leads."""
    return asked(Request(f"/signatures/thanks/{tokens.make(THANKS, _signature_of(email))}/"))


def _signature_of(email: str) -> int:
    return Signature.objects.filter(email=email).latest("pk").pk


def _telling(person: dict[str, Any]) -> dict[str, float]:
    """Let a goal be reached, write to each supporter and send it."""
    wanted = Wanted(
        petitions=1, signatures=SUPPORTERS - 1, first_goal=SUPPORTERS, every_without_mail=SUPPORTERS
    )
    asked(visits.sign({"path": f"/petitions/{populate(wanted).signed[0]}/"}, person))()
    roll_up()
    written = all_of(announcing.announce_due)
    return _both({"write": written, "bulk": all_of(lambda: deliver([Lane.BULK]))})


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print lines of the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.costs", description=str(__doc__).splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100)
    rounds = parser.parse_args(arguments).rounds
    for name, value in measure(rounds).items():
        print(f"| `{name}` | {value:.0f} |" if name.endswith("_wal") else f"| `{name}` | {value:.2f} |")


if __name__ == "__main__":
    main()
