"""The rows of the desk's exports: petitions as the list has them, and the decisions on them from the record.

Times are those of one time zone, with its offset. Nothing here holds an e-mail address, a text or an internal note.
Which rows there are is fixed at one moment, in a cursor of the database that holds their keys alone; what they say is
read so many at a time, so that no statement takes long and a slow reader holds nothing up. Whatever is in the reader's
language is chosen before the first row, for by then nobody speaks it any more.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from petitions import narrowing
from petitions.models import Petition, Tally, Transition, TransitionReason
from petitions.querysets import PetitionQuerySet
from petitions.states import State

# So many rows are in memory at a time. Of more the database would rather read whole tables than look each row up.
CHUNK = 500
Row = tuple[object, ...]

_PETITION = (
    "pk", "version__title", "state", "starter_name", "topic__name", "version__decision_maker__name", "seed",
    "created_at", "submitted_at", "published_at", "closes_at", "closed_at", "slug",
)  # fmt: skip
_DECISION = (
    "pk", "petition", "version__title", "version__number", "at", "actor", "source", "target", "duplicate_of",
    "note_to_starter", "petition__slug",
)  # fmt: skip
_ACTOR = _DECISION.index("actor")


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
        # Joined to so many petitions, the whole table of tallies would be read each time.
        tallies = dict(Tally.objects.filter(pk__in=keys).values_list("pk", "signatures"))
        for row in (found[key] for key in keys if key in found):
            pk, title, state, starter, topic, maker, seed, *dates, slug = row
            origin = words.yes if seed else words.no
            known: Row = (pk, title, words.states[state], starter, topic, maker, origin)
            yield (*known, *map(words.at, dates), tallies.get(pk, 0), words.url(slug))


def _decision_rows(moves: QuerySet[Transition], words: _Words) -> Iterator[Row]:
    for keys in _keys(moves):
        reasons = _reasons_of(keys)
        rows = Transition.objects.filter(pk__in=keys).order_by("pk").values_list(*_DECISION)
        actors = User.objects.in_bulk({row[_ACTOR] for row in rows if row[_ACTOR]})
        for pk, petition, title, number, at, actor, source, target, other, note, slug in rows:
            by = actors[actor].shown_name if actor else ""
            known: Row = (
                petition,
                title,
                number,
                words.at(at),
                by,
                words.states[source],
                words.states[target],
            )
            yield (*known, "; ".join(sorted(reasons[pk])), other, note, words.url(slug))


def _reasons_of(keys: list[int]) -> defaultdict[int, list[str]]:
    """Return the titles of the reasons that were given in each of these moves."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    given = TransitionReason.objects.filter(transition__in=keys)
    for move, title in given.values_list("transition", "reason__title"):
        found[move].append(title)
    return found


def _keys(rows: QuerySet[Any]) -> Iterator[list[int]]:
    keys = rows.values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    while chunk := list(islice(keys, CHUNK)):
        yield chunk


def _in_zone(label: str, zone: tzinfo) -> str:
    return f"{label} ({zone})"
