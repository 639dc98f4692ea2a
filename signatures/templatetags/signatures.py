"""What a petition's public page shows of its signatures: only what people agreed to show. The same for every reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.db.models import Value
from django.utils.formats import date_format, number_format
from django.utils.translation import ngettext

from petitions.models import Petition
from petitions.record import Entry
from signatures.models import Milestone, Signature

register = template.Library()

REASONS_SHOWN, SIGNERS_SHOWN = 10, 6


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
def with_milestones(record: Iterable[Entry], petition: Petition) -> list[Entry]:
    """Return the record of a petition with the goals that it has reached, in the order of time."""
    reached = Milestone.objects.filter(petition=petition).values_list("threshold", "reached_at")
    goals = [
        Entry(at, _reached(threshold, at)) for threshold, at in reached.order_by("reached_at", "threshold")
    ]
    return sorted([*record, *goals], key=lambda entry: entry.at)


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
        "goal": number_format(threshold, force_grouping=True),
        "date": date_format(at, "DATE_FORMAT"),
    }
