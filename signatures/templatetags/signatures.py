"""What a petition's public page shows of its signatures: only what people agreed to show. The same for every reader."""

from datetime import datetime
from typing import NamedTuple

from django import template
from django.db import router
from django.utils.formats import date_format, number_format
from django.utils.translation import ngettext

from lib import clock
from lib.prepared import Prepared
from petitions.reading import Document
from petitions.record import Entry
from signatures.models import Kind, Signature

register = template.Library()

REASONS_SHOWN, SIGNERS_SHOWN = 10, 6

# One statement for all of it; a name that is not to be shown does not leave the database.
_HEARD = Prepared(
    "heard",
    f"""
(SELECT 'reason' AS part, CASE WHEN public THEN name ELSE '' END AS name, reason AS said, confirmed_at AS at, id AS key,
        0 AS number
   FROM signatures_signature
  WHERE petition_id = %(petition)s AND state = 'confirmed' AND reason <> '' AND reason_hidden_at IS NULL
  ORDER BY confirmed_at DESC, id DESC LIMIT {REASONS_SHOWN})
UNION ALL
(SELECT 'signer', CASE WHEN public THEN name ELSE '' END, '', confirmed_at, id, 0
   FROM signatures_signature
  WHERE petition_id = %(petition)s AND state = 'confirmed'
  ORDER BY confirmed_at DESC, id DESC LIMIT {SIGNERS_SHOWN})
UNION ALL
(SELECT 'goal', '', '', reached_at, id, threshold FROM signatures_milestone WHERE petition_id = %(petition)s)
UNION ALL
(SELECT 'removed', '', kind, NULL, id, signatures FROM signatures_removedcount
  WHERE petition_id = %(petition)s AND signatures > 0)
 ORDER BY part, at DESC, key DESC
""",  # noqa: S608 - constants of this module
)


class Voice(NamedTuple):
    """A reason with the name of whoever gave it; no name where it is not to be shown."""

    name: str
    reason: str
    at: datetime


class Heard(NamedTuple):
    """The latest reasons, who signed last (`others` do not show their names), goals reached, numbers removed."""

    voices: tuple[Voice, ...]
    names: tuple[str, ...]
    others: int
    goals: tuple[tuple[int, datetime], ...]
    removed: tuple[tuple[int, str], ...]


@register.simple_tag
def heard_of(petition: Document) -> Heard:
    """Return what the page shows of the signatures but for their number: one query, and only plain values."""
    rows = _HEARD.rows({"petition": petition.pk}, using=router.db_for_read(Signature))
    newest = [name for part, name, *_ in rows if part == "signer"]
    names = tuple(name for name in newest if name)
    return Heard(
        voices=tuple(Voice(name, said, at) for part, name, said, at, *_ in rows if part == "reason"),
        names=names,
        others=len(newest) - len(names),
        goals=tuple((number, at) for part, _, _, at, _, number in rows if part == "goal"),
        removed=tuple(sorted(((row[5], row[2]) for row in rows if row[0] == "removed"), reverse=True)),
    )


@register.simple_tag
def whole_record(petition: Document, heard: Heard) -> list[Entry]:
    """Return the record with the goals that were reached, in the order of time, and last how many were removed."""
    entries = [Entry(at, _reached(threshold, at)) for threshold, at in heard.goals]
    told = sorted([*petition.lines, *entries], key=lambda entry: entry.at)
    return [*told, Entry(clock.now(), _removed(heard.removed))] if heard.removed else told


def _removed(numbers: tuple[tuple[int, str], ...]) -> str:
    total = sum(number for number, _kind in numbers)
    told = [f"{_grouped(number)} – {Kind(kind).label}" for number, kind in numbers]
    reasons = ", ".join(told) if len(told) > 1 else str(Kind(numbers[0][1]).label)
    text = ngettext(
        "%(count)s signature was removed by moderators: %(reasons)s.",
        "%(count)s signatures were removed by moderators: %(reasons)s.",
        total,
    )
    return text % {"count": _grouped(total), "reasons": reasons}


def _grouped(number: int) -> str:
    return number_format(number, force_grouping=True)


def _reached(threshold: int, at: datetime) -> str:
    text = ngettext(
        "%(goal)s signature reached on %(date)s.", "%(goal)s signatures reached on %(date)s.", threshold
    )
    return text % {
        "goal": _grouped(threshold),
        "date": date_format(at, "DATE_FORMAT"),
    }
