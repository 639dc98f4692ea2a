"""`python -m bench.desk [--mix] [--rounds 20] [--save FILE] [--beside FILE]`: what the moderators' pages cost on this site.

After `bench.populate` and once `--mix`, which makes of a full site a full desk: rejected, removed, waiting petitions,
objections, edits, held and removed signatures. Each page is asked for in this process, as an administrator who has
decided on everything, so many times after one that is not counted. Its statements are counted; the times are of the
processor, in this process and in the database's, and so the same on a busy machine: what the system's cache has is
read, nothing waits. The database has to run on the same Linux machine. `--beside` puts the figures of a smaller
site, saved before, into the same table.
"""

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from statistics import median, quantiles
from typing import Any, cast

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django has to be set up first
from django.contrib.auth.models import Group  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench import desk_filling, filling  # noqa: E402
from bench.processors import worked  # noqa: E402
from lib.paging import COUNTED  # noqa: E402
from petitions.models import Petition, Transition  # noqa: E402
from petitions.states import State  # noqa: E402
from signatures.models import Removal, Signature  # noqa: E402

BACKEND = "accounts.backend.Backend"
# What is measured, below `/admin/`; what differs from site to site stands in braces.
PAGES = [
    ".",
    "petitions/petition/?state=submitted",
    "petitions/petition/",
    "petitions/petition/?p={last_of_petitions}",
    "petitions/petition/?o=6",
    "petitions/petition/?o=-6",
    "petitions/petition/?state=published",
    "petitions/petition/?state=rejected",
    "petitions/petition/?waits=overdue",
    "petitions/petition/?answer=objection",
    "petitions/petition/?answer=edit",
    "petitions/petition/?decided_by=me",
    "petitions/petition/?reason=no-clear-ask",
    "petitions/petition/?decided_from={day}&decided_to={day}",
    "petitions/petition/?topic__id__exact={topic}",
    "petitions/petition/?imported=yes",
    "petitions/petition/?imported=needs-ask",
    "petitions/petition/?imported=no",
    "petitions/petition/?q=street",
    "petitions/petition/?q=street+garden+rent",
    "petitions/petition/?q=zzzyx",
    "petitions/petition/?q=Person+1",
    "petitions/petition/?q={address}",
    "petitions/petition/export/",
    "petitions/petition/{waiting}/review/",
    "petitions/petition/{rejected}/review/",
    "petitions/petition/{most_signed}/review/",
    "petitions/objection/?waits=yes",
    "petitions/objection/",
    "petitions/edit/?waits=yes",
    "petitions/edit/",
    "petitions/transition/",
    "petitions/transition/?target__exact=rejected",
    "petitions/transition/?q=street",
    "signatures/signature/",
    "signatures/signature/?p={last_of_signatures}",
    "signatures/signature/?o=3",
    "signatures/signature/?petition={most_signed}",
    "signatures/signature/?petition={most_signed}&p={last_of_the_most_signed}",
    "signatures/signature/?petition={most_signed}&state=confirmed",
    "signatures/signature/?petition={most_signed}&q=Person+12",
    "signatures/signature/?petition=street",
    "signatures/signature/?state=held",
    "signatures/signature/?state=pending",
    "signatures/signature/?state=removed",
    "signatures/signature/?state=confirmed",
    "signatures/signature/?suspicion=any",
    "signatures/signature/?suspicion=network",
    "signatures/signature/?suspicion=none",
    "signatures/signature/?reason=hidden",
    "signatures/signature/?day={day}",
    "signatures/signature/?removal={removal}",
    "signatures/signature/?q={address}",
    "signatures/signature/?q=Person+12345",
    "signatures/signature/?q=zzzyx",
    "signatures/signature/{signature}/change/",
    "signatures/signature/export/{most_signed}/",
    "signatures/removal/",
    "signatures/removal/add/?petition={most_signed}",
    "accounts/user/",
    "accounts/user/?q={address}",
    "accounts/user/?q=Person+12345",
]


@dataclass(frozen=True)
class Cost:
    """What a page costs: statements, and milliseconds of processors."""

    queries: int
    p50: float
    p95: float


@transaction.atomic
def mix() -> None:
    """Make a full desk of a full site, so that `audit_invariants` still has nothing to say."""
    with connection.cursor() as cursor:
        cursor.execute(filling.PATIENCE)
        for statement in desk_filling.STATEMENTS:
            # Rows that are still to be checked would keep a trigger from being set aside.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def addresses() -> dict[str, str]:
    """Return where each page is on this site."""
    known = _known()
    return {page: "/admin/" + page.removeprefix(".").format(**known) for page in PAGES}


def as_reader() -> Client:
    """Return a browser of somebody who has decided on everything, with all that a role can give."""
    reader = Transition.objects.filter(target=State.PUBLISHED, actor__is_staff=True).latest("pk").actor
    assert reader
    reader.groups.add(Group.objects.get(name="Administrators"))
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    client.force_login(reader, backend=BACKEND)
    return client


def queries_of(client: Client, address: str) -> int:
    """Return how many statements a page takes."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address, secure=True)
        queries = len(captured)
    assert answer.status_code == HTTPStatus.OK, f"{address}: {answer.status_code}"
    return queries


def cost_of(client: Client, address: str, rounds: int) -> Cost:
    """Ask for a page so many times, after one that is not counted."""
    queries, times = queries_of(client, address), []
    for _round in range(rounds):
        began = sum(worked())
        client.get(address, secure=True)
        times.append(sum(worked()) - began)
    return Cost(queries, median(times), quantiles(times, n=20, method="inclusive")[-1])


def measure(rounds: int) -> dict[str, Cost]:
    """Return what each page costs."""
    client, found = as_reader(), {}
    for page, address in addresses().items():
        found[page] = cost_of(client, address, rounds)
        print(f"{page}: {found[page]}", flush=True)
    return found


def files(client: Client) -> Iterator[str]:
    """Return for each kind of file how many rows it has, and how long its first piece and all of it take."""
    known = _known()
    exports = {
        "petitions": ("petitions/petition/export/", {"kind": "petitions"}),
        "decisions": ("petitions/petition/export/", {"kind": "decisions"}),
        "signatures of the most signed": (f"signatures/signature/export/{known['most_signed']}/", {}),
    }
    for name, (page, said) in exports.items():
        began = sum(worked())
        pieces = iter(cast(Any, client.post(f"/admin/{page}", said, secure=True)))
        rows = next(pieces).count(b"\r\n")
        first = sum(worked()) - began
        rows += sum(piece.count(b"\r\n") for piece in pieces)
        yield f"{name}: {rows:,} lines, the first piece after {first:.0f} ms, all after {sum(worked()) - began:.0f} ms"


def table(costs: dict[str, Cost], beside: dict[str, Cost]) -> Iterator[str]:
    """Return the lines of a table, with the smaller site's figures first."""
    yield "| page | queries | p50 ms | p95 ms |"
    yield "|---|---|---|---|"
    for label, cost in costs.items():
        both = [each for each in (beside.get(label), cost) if each]
        figures = [
            " / ".join(f"{getattr(each, field):.0f}" for each in both) for field in ("queries", "p50", "p95")
        ]
        yield f"| `{label}` | {' | '.join(figures)} |"


def _known() -> dict[str, Any]:
    """Return what the addresses name: numbers, a day, an address."""
    hot = Petition.objects.most_signed().values_list("pk", flat=True)[0]
    signature = Signature.objects.confirmed().filter(petition=hot).latest("pk")
    return {
        "waiting": Petition.objects.filter(state=State.SUBMITTED).earliest("pk").pk,
        "rejected": Petition.objects.filter(state=State.REJECTED).earliest("pk").pk,
        "most_signed": hot,
        "signature": signature.pk,
        "address": signature.email,
        "day": signature.asked_at.date().isoformat(),
        "topic": Petition.objects.public().filter(topic__isnull=False).earliest("pk").topic_id,
        "removal": Removal.objects.latest("pk").pk,
        "last_of_petitions": _last_page(Petition.objects.exclude(state=State.DRAFT)),
        "last_of_signatures": _last_page(Signature.objects.all()),
        "last_of_the_most_signed": _last_page(Signature.objects.filter(petition=hot)),
    }


def _last_page(rows: Any) -> int:
    return -(-rows[:COUNTED].count() // 50)


def main(arguments: Sequence[str] | None = None) -> None:
    """Mix if that is asked for, else measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description=str(__doc__).splitlines()[0])
    parser.add_argument("--mix", action="store_true", help="make a desk of a filled site, once")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--save", type=Path, help="keep the figures")
    parser.add_argument("--beside", type=Path, help="figures that were kept, for the same table")
    chosen = parser.parse_args(arguments)
    if chosen.mix:
        mix()
        return
    print("\n".join(files(as_reader())))
    costs = measure(chosen.rounds)
    if chosen.save:
        chosen.save.write_text(json.dumps({label: asdict(cost) for label, cost in costs.items()}))
    kept = json.loads(chosen.beside.read_text()) if chosen.beside else {}
    print("\n".join(table(costs, {label: Cost(**cost) for label, cost in kept.items()})))


if __name__ == "__main__":
    main()
