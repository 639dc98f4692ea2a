"""The rows of the desk's exports: petitions as the list has them, and the decisions on them from the record.

Times are those of one time zone, with its offset. Nothing here holds an e-mail address, a text or an internal note.
Which rows there are is fixed at one moment, in a cursor of the database that holds their keys alone; what they say is
read so many at a time, so that no statement takes long and a slow reader holds nothing up. Whatever is in the reader's
language is chosen before the first row, for by then nobody speaks it any more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from petitions import narrowing
from petitions.models import Petition, Transition
from petitions.querysets import PetitionQuerySet
from petitions.states import State

# So many rows are in memory at a time.
CHUNK = 2_000
Row = tuple[object, ...]

_PETITION = (
    "pk", "version__title", "state", "starter_name", "topic__name", "version__decision_maker__name", "seed",
    "created_at", "submitted_at", "published_at", "closes_at", "closed_at", "tally__signatures", "slug",
)  # fmt: skip


def petition_header(zone: tzinfo) -> list[str]:
    """Return what the columns are, with the zone of the times."""
    dates = [_("Started"), _("Submitted"), _("Published"), _("Closes"), _("Closed")]
    return [
        *(
            _("Number"),
            _("Title"),
            _("State"),
            _("Started by"),
            _("Topic"),
            _("Decision maker"),
            _("Imported"),
        ),
        *(_in_zone(each, zone) for each in dates),
        *(_("Signatures"), _("Address")),
    ]


def petition_rows(petitions: PetitionQuerySet, zone: tzinfo) -> Iterator[Row]:
    """Return a row for each petition, in the order of the list."""
    return _petition_rows(petitions, _Words.of(zone))


def decision_header(zone: tzinfo) -> list[str]:
    """Return what the columns are, with the zone of the times."""
    return [
        *(_("Petition"), _("Title then"), _("Version"), _in_zone(_("Decided"), zone), _("By")),
        *(_("From"), _("To"), _("Reasons"), _("Asks the same as"), _("Note to the starter"), _("Address")),
    ]


def decision_rows(petitions: PetitionQuerySet, zone: tzinfo) -> Iterator[Row]:
    """Return a row for each decision on these petitions, the oldest first."""
    on_them = narrowing.decisions().filter(petition__in=petitions.order_by().values("pk"))
    return _decision_rows(on_them.order_by("pk"), _Words.of(zone))


@dataclass(frozen=True)
class _Words:
    """What the reader's language and time zone make of a row."""

    zone: tzinfo
    states: dict[str, str]
    yes: str
    no: str
    address: tuple[str, str]

    @classmethod
    def of(cls, zone: tzinfo) -> "_Words":
        states = {state.value: str(state.label) for state in State}
        before, _slug, after = reverse("petitions:detail", args=["slug"]).rpartition("slug")
        return cls(zone, states, _("yes"), _("no"), (f"{settings.SITE_URL}{before}", after))

    def at(self, moment: datetime | None) -> str:
        return moment.astimezone(self.zone).isoformat(" ", "seconds") if moment else ""

    def url(self, slug: str) -> str:
        return slug.join(self.address)


def _petition_rows(petitions: PetitionQuerySet, words: _Words) -> Iterator[Row]:
    for keys in _keys(petitions):
        rows = Petition.objects.filter(pk__in=keys).values_list(*_PETITION)
        found = {row[0]: row for row in rows}
        for row in (found[key] for key in keys if key in found):
            pk, title, state, starter, topic, maker, seed, *dates, signatures, slug = row
            origin = words.yes if seed else words.no
            known: Row = (pk, title, words.states[state], starter, topic, maker, origin)
            yield (*known, *map(words.at, dates), signatures or 0, words.url(slug))


def _decision_rows(moves: QuerySet[Transition], words: _Words) -> Iterator[Row]:
    read = Transition.objects.select_related("version", "actor", "petition").prefetch_related("reasons")
    narrow = read.only(
        *("at", "source", "target", "note_to_starter", "duplicate_of", "version__title", "version__number"),
        *("actor__name", "actor__email", "petition__slug"),
    )
    for keys in _keys(moves):
        for move in narrow.filter(pk__in=keys).order_by("pk"):
            yield _decision(move, words)


def _decision(move: Transition, words: _Words) -> Row:
    reasons = "; ".join(sorted(reason.title for reason in move.reasons.all()))
    by = move.actor.shown_name if move.actor else ""
    return (
        *(move.petition_id, move.version.title, move.version.number, words.at(move.at), by),
        *(words.states[move.source], words.states[move.target], reasons, move.duplicate_of_id),
        *(move.note_to_starter, words.url(move.petition.slug)),
    )


def _keys(rows: QuerySet[Any]) -> Iterator[list[int]]:
    keys = rows.values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    while chunk := list(islice(keys, CHUNK)):
        yield chunk


def _in_zone(label: str, zone: tzinfo) -> str:
    return f"{label} ({zone})"
