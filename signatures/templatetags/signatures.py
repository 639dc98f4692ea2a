"""What a petition's public page shows of its signatures: only what people agreed to show. The same for every reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.db.models import DateTimeField, F, Value
from django.utils.formats import date_format, number_format
from django.utils.translation import ngettext

from lib import clock
from petitions.models import Petition
from petitions.record import Entry
from signatures.models import Kind, Milestone, RemovedCount, Signature

register = template.Library()

REASONS_SHOWN, SIGNERS_SHOWN = 10, 6
NEVER = Value(None, output_field=DateTimeField())


@dataclass(frozen=True)
class Voice:
    """A reason with the name of whoever gave it; no name where it is not to be shown."""

    name: str
    reason: str
    at: datetime


@register.inclusion_tag("signatures/_voices.html")
def why_people_sign(petition: Petition) -> dict[str, Any]:
    """Show the latest reasons, and who signed last: one query, and none before the first signature."""
    rows = _latest(petition) if petition.progress.signatures else []
    newest = [name if public else "" for part, name, public, _reason, _at in rows if part == "signer"]
    names = [name for name in newest if name]
    return {
        "voices": [
            Voice(name if public else "", reason, at)
            for part, name, public, reason, at in rows
            if part == "reason"
        ],
        "names": names,
        "others": len(newest) - len(names),
    }


@register.simple_tag
def whole_record(record: Iterable[Entry], petition: Petition) -> list[Entry]:
    """Return the record with the goals that were reached, in the order of time, and last how many were removed."""
    goals, removed = _goals_and_removed(petition)
    entries = [Entry(at, _reached(threshold, at)) for threshold, at in goals]
    told = sorted([*record, *entries], key=lambda entry: entry.at)
    return [*told, Entry(clock.now(), _removed(removed))] if removed else told


def _goals_and_removed(petition: Petition) -> tuple[list[tuple[int, datetime]], list[tuple[int, str]]]:
    """Ask for both in one query."""
    goals = Milestone.objects.filter(petition=petition).annotate(kind=Value(""), at=F("reached_at"))
    counts = RemovedCount.objects.filter(petition=petition, signatures__gt=0).annotate(at=NEVER)
    columns = ("kind", "at")
    both = goals.values_list("threshold", *columns).union(
        counts.values_list("signatures", *columns), all=True
    )
    rows = list(both)
    removed = sorted(((number, kind) for number, kind, _at in rows if kind), reverse=True)
    return [(number, at) for number, kind, at in rows if not kind], removed


def _removed(numbers: list[tuple[int, str]]) -> str:
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


def _latest(petition: Petition) -> list[tuple[str, str, bool, str, datetime]]:
    counted = Signature.objects.confirmed().filter(petition=petition).order_by("-confirmed_at", "-pk")
    columns = ("name", "public", "reason", "confirmed_at")
    said = counted.with_reason().annotate(part=Value("reason"))[:REASONS_SHOWN]
    last = counted.annotate(part=Value("signer"))[:SIGNERS_SHOWN]
    both = said.values_list("part", *columns, "pk").union(last.values_list("part", *columns, "pk"), all=True)
    return [row[:-1] for row in both.order_by("-confirmed_at", "-pk")]


def _reached(threshold: int, at: datetime) -> str:
    text = ngettext(
        "%(goal)s signature reached on %(date)s.", "%(goal)s signatures reached on %(date)s.", threshold
    )
    return text % {
        "goal": _grouped(threshold),
        "date": date_format(at, "DATE_FORMAT"),
    }
