"""`python -m bench.populate --petitions 100000 --signatures 1000000 [--on SLUG …]`: a site as full as one can wish.

It runs where manage.py works, in one transaction, and leaves nothing that `audit_invariants` would complain about:
starters and signers have accounts with a proven address, moves are recorded, goals that were passed are milestones
(without an announcement: no mail goes out). Whoever it makes is new, so it can be run any number of times.
"""

import argparse
import io
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django has to be set up first
from django.db import connection, transaction  # noqa: E402
from django.db.backends.utils import CursorWrapper  # noqa: E402

from bench import filling  # noqa: E402
from bench.words import Writer  # noqa: E402
from lib.text import slug_for  # noqa: E402
from petitions.goals import FIRST_GOAL_DEFAULT, reached  # noqa: E402
from petitions.models import Petition  # noqa: E402
from signatures import consents  # noqa: E402
from signatures.models import Milestone  # noqa: E402

PETITIONS_OF_ONE_STARTER = 20
# Of so many petitions one is the most signed; the next has half of its signatures, the third a third of them.
PETITIONS_FOR_EACH_SIGNATURE_OF_THE_FIRST = 10
# From here on it is quicker to make indexes and foreign keys anew than to keep them (measured: half of the time).
MANY = 50_000
ROWS_AT_ONCE = 5_000
HMAC_BLOCK = 64


@dataclass(frozen=True)
class Made:
    """The address parts of the petitions that were made, and of those that were signed."""

    petitions: list[str]
    signed: list[str]


@dataclass(frozen=True)
class Wanted:
    """What is to be made."""

    petitions: int = 0
    signatures: int = 0
    on: tuple[str, ...] = ()
    # Where none is named: all of the new ones instead of the newest.
    everywhere: bool = False
    first_goal: int = FIRST_GOAL_DEFAULT
    # Every so manieth of the signers wants no mail.
    every_without_mail: int = 5
    seed: int = 1

    @property
    def most(self) -> int:
        """How many have signed the most signed of the new petitions."""
        return self.petitions // PETITIONS_FOR_EACH_SIGNATURE_OF_THE_FIRST

    @property
    def people(self) -> int:
        """How many accounts it takes."""
        return max(self.signatures, self.most, -(-self.petitions // PETITIONS_OF_ONE_STARTER))


@transaction.atomic
def populate(wanted: Wanted) -> Made:
    """Make petitions, and let new people sign those that are named, or else the newest of the new ones."""
    with connection.cursor() as cursor:
        cursor.execute(filling.PATIENCE)
        cursor.execute(filling.PEOPLE, {"people": wanted.people, "tag": uuid4().hex[:8]})
        with _checked_at_the_end(cursor, wanted):
            cursor.execute(filling.ACCOUNTS)
            slugs = _make_petitions(cursor, wanted)
            signed = list(wanted.on) or (slugs if wanted.everywhere else slugs[-1:])
            _sign(cursor, wanted, signed)
        cursor.execute(filling.ANALYZE)
    return Made(slugs, signed)


@contextmanager
def _checked_at_the_end(cursor: CursorWrapper, wanted: Wanted) -> Iterator[None]:
    """Do without foreign keys and secondary indexes for as long as rows are written, if these are many."""
    later: list[tuple[str, str]] = []
    if max(wanted.petitions, wanted.signatures) >= MANY:
        cursor.execute(filling.LATER, {"tables": list(filling.TABLES)})
        later = cursor.fetchall()
    for drop, _make in later:
        cursor.execute(drop)
    yield
    # A table with rows that are still to be checked can't be altered.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for _drop, make in later:
        cursor.execute(make)
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _make_petitions(cursor: CursorWrapper, wanted: Wanted) -> list[str]:
    cursor.execute(filling.NUMBERS, [wanted.petitions])
    numbers = [number for (number,) in cursor.fetchall()]
    cursor.execute(filling.TEXTS)
    slugs: list[str] = []
    for rows in _in_parts(_texts(numbers, Writer(wanted.seed))):
        slugs += [row[2] for row in rows]
        lines = ("\t".join(map(_escaped, row)) + "\n" for row in rows)
        cursor.copy_expert("COPY bench_text FROM STDIN", io.StringIO("".join(lines)))
    values = {
        "total": max(1, len(numbers)),
        "first_goal": wanted.first_goal,
        "each": PETITIONS_OF_ONE_STARTER,
    }
    for statement in filling.PETITIONS:
        cursor.execute(statement, values)
    return slugs


def _texts(numbers: Sequence[int], writer: Writer) -> Iterator[tuple[Any, ...]]:
    for n, number in enumerate(numbers, start=1):
        title = writer.title()
        yield n, number, slug_for(title, number), title, writer.ask(), writer.body()


def _in_parts(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    part = []
    for row in rows:
        part.append(row)
        if len(part) == ROWS_AT_ONCE:
            yield part
            part = []
    yield part


def _escaped(value: object) -> str:
    """Return a value as COPY reads it; our words have nothing but line ends that needs it."""
    return str(value).replace("\n", "\\n")


def _sign(cursor: CursorWrapper, wanted: Wanted, slugs: list[str]) -> None:
    values = {
        "slugs": slugs,
        "signatures": wanted.signatures,
        "most": wanted.most,
        "without": wanted.every_without_mail,
        "consent": consents.current("en").pk,
        **_hmac_keys(settings.IDENTITY_KEY.encode()),
    }
    for statement in filling.SIGNATURES:
        cursor.execute(statement, values)
    _record_milestones()


def _hmac_keys(key: bytes) -> dict[str, bytes]:
    """Return the two keys with which HMAC is two plain hashes, which PostgreSQL can compute (RFC 2104)."""
    block = (sha256(key).digest() if len(key) > HMAC_BLOCK else key).ljust(HMAC_BLOCK, b"\0")
    return {"inner": bytes(byte ^ 0x36 for byte in block), "outer": bytes(byte ^ 0x5C for byte in block)}


def _record_milestones() -> None:
    """Record what was passed without a word to anybody."""
    passed = Petition.objects.filter(tally__signatures__gt=0).exclude(state="removed")
    rows = passed.values_list("pk", "tally__signatures", "first_goal")
    Milestone.objects.bulk_create(
        (
            Milestone(petition_id=pk, threshold=rung, signatures=signatures)
            for pk, signatures, first_goal in rows
            for rung in reached(signatures, first_goal)
        ),
        ignore_conflicts=True,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read what is wanted, make it, and say what it took."""
    parser = argparse.ArgumentParser(prog="python -m bench.populate", description=__doc__.splitlines()[0])
    parser.add_argument("--petitions", type=int, default=0, help="how many published petitions are added")
    parser.add_argument(
        "--signatures", type=int, default=0, help="how many sign each of the petitions of --on"
    )
    parser.add_argument(
        "--on", nargs="+", default=[], metavar="SLUG", help="without it: the newest of the new"
    )
    parser.add_argument("--everywhere", action="store_true", help="without --on: all of the new")
    parser.add_argument("--all-mailed", action="store_true", help="else every fifth wants no mail")
    parser.add_argument("--first-goal", type=int, default=FIRST_GOAL_DEFAULT, help="of the new petitions")
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    made = populate(_wanted(chosen))
    print(f"{len(made.petitions):,} petitions; {chosen.signatures:,} signatures on {', '.join(made.signed)}")
    print(f"{time.monotonic() - began:.1f} s")


def _wanted(chosen: argparse.Namespace) -> Wanted:
    without = chosen.signatures + 1 if chosen.all_mailed else Wanted.every_without_mail
    return Wanted(
        chosen.petitions,
        chosen.signatures,
        tuple(chosen.on),
        everywhere=chosen.everywhere,
        first_goal=chosen.first_goal,
        every_without_mail=without,
    )


if __name__ == "__main__":
    main()
