"""The rows of a petition's export: every signature that counts, in the order of confirming, without addresses."""

import itertools
from collections.abc import Iterator
from datetime import tzinfo
from typing import Any, TypeAlias

from django.db import connection
from django.utils.translation import gettext as _

from petitions.models import Petition

_Values: TypeAlias = dict[str, str | int]
# So many rows are in memory at a time.
PORTION = 5_000
# The rows behind the last one that was read, by the index of recent signatures. A statement for each portion holds
# nothing up while a slow reader takes its time, and each is quick.
_READ = """
SELECT confirmed_at::text AS place, id, CASE WHEN public THEN name ELSE %(unnamed)s END,
       (confirmed_at AT TIME ZONE %(zone)s)::date::text,
       CASE WHEN public AND reason_hidden_at IS NULL THEN reason ELSE '' END
FROM signatures_signature
WHERE petition_id = %(petition)s AND state = 'confirmed' AND confirmed_at <= %(until)s::timestamptz
  AND (confirmed_at, id) > (%(at)s::timestamptz, %(id)s)
ORDER BY confirmed_at, id LIMIT %(limit)s
"""


def header() -> list[str]:
    """Return what the columns are, in the active language."""
    return [_("Number"), _("Name"), _("Confirmed on"), _("Reason")]


def rows(petition: Petition, zone: tzinfo) -> Iterator[tuple[object, ...]]:
    """Return the rows of all who count when the first one is read; days are those of the time zone.

    A name is there where its person shows it, and the reason with it, unless a moderator has hidden that; whoever
    leaves or hides before being reached is left out or hidden. The words for the others are chosen now: by the time
    the rows are read nobody speaks the reader’s language any more.
    """
    return _rows({"petition": petition.pk, "zone": str(zone), "unnamed": _("(not shown)"), "limit": PORTION})


def _rows(values: _Values) -> Iterator[tuple[object, ...]]:
    numbers = itertools.count(1)
    last: _Values = {"at": "-infinity", "id": 0, "until": _now()}
    while portion := _read({**values, **last}):
        for (_at, _id, *row), number in zip(portion, numbers, strict=False):
            yield (number, *row)
        last["at"], last["id"], *_row = portion[-1]


def _read(values: _Values) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_READ, values)
        portion: list[tuple[Any, ...]] = cursor.fetchall()
    return portion


def _now() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()::text")
        now: str = cursor.fetchone()[0]
    return now
