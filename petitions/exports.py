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
from django.db.models import F, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from petitions import narrowing
from petitions.models import Edit, Objection, Petition, Tally, Transition, TransitionReason
from petitions.querysets import PetitionQuerySet
from petitions.states import State

# So many rows are in memory at a time. Of more the database would rather read whole tables than look each row up.
CHUNK = 500
Row = tuple[object, ...]

_PETITION = (
    "pk", "version__title", "state", "starter_name", "topic__name", "version__decision_maker__name", "seed",
    "created_at", "submitted_at", "published_at", "closes_at", "closed_at", "slug",
)  # fmt: skip
# What every decision says, wherever it is kept; a move says more.
_MOVE = (
    "petition", "version__title", "version__number", "at", "actor", "note_to_starter", "petition__slug",
    "source", "target", "duplicate_of",
)  # fmt: skip
_OBJECTION = (
    "petition", "transition__version__title", "transition__version__number", "decided_at", "decider", "note",
    "petition__slug", "upheld",
)  # fmt: skip
_EDIT = (
    "petition", "version__title", "version__number", "decided_at", "decider", "note", "petition__slug", "accepted",
)  # fmt: skip
_AT, _BY = _MOVE.index("at"), _MOVE.index("actor")
# Where decisions are kept, in the order of equal times.
_MOVES, _OBJECTIONS, _EDITS = range(3)


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
        _("Kind"),
    ]


def decision_rows(petitions: PetitionQuerySet, zone: tzinfo) -> Iterator[Row]:
    """Return a row for each decision on these petitions, on what their starters answered as well, the oldest first."""
    on_them = petitions.order_by().values("pk")
    kept = [
        _keys_of(narrowing.decisions(), _MOVES, _MOVE[_AT]),
        _keys_of(Objection.objects.dismissed(), _OBJECTIONS, _OBJECTION[_AT]),
        _keys_of(Edit.objects.decided(), _EDITS, _EDIT[_AT]),
    ]
    first, *others = (each.filter(petition__in=on_them) for each in kept)
    return _decision_rows(
        first.union(*others, all=True).order_by("decided", "kept_in", "pk"), _Words.of(zone)
    )


@dataclass(frozen=True)
class _Words:
    """What the reader's language and time zone make of a row."""

    zone: tzinfo
    states: dict[str, str]
    kinds: dict[tuple[int, bool], str]
    yes: str
    no: str
    address: tuple[str, str]

    @classmethod
    def of(cls, zone: tzinfo) -> "_Words":
        states = {state.value: str(state.label) for state in State}
        before, _slug, after = reverse("petitions:detail", args=["slug"]).rpartition("slug")
        kinds = {
            (_MOVES, False): _("Decision on the petition"),
            (_MOVES, True): _("Objection upheld"),
            (_OBJECTIONS, False): _("Objection dismissed"),
            (_EDITS, False): _("New wording declined"),
            (_EDITS, True): _("New wording accepted"),
        }
        return cls(zone, states, kinds, _("yes"), _("no"), (f"{settings.SITE_URL}{before}", after))

    def at(self, moment: datetime | None) -> str:
        return moment.astimezone(self.zone).isoformat(" ", "seconds") if moment else ""

    def url(self, slug: str) -> str:
        return slug.join(self.address)


def _petition_rows(petitions: PetitionQuerySet, words: _Words) -> Iterator[Row]:
    for keys in _chunks(petitions.values_list("pk", flat=True)):
        rows = Petition.objects.filter(pk__in=keys).values_list(*_PETITION)
        found = {row[0]: row for row in rows}
        # Joined to so many petitions, the whole table of tallies would be read each time.
        tallies = dict(Tally.objects.filter(pk__in=keys).values_list("pk", "signatures"))
        for row in (found[key] for key in keys if key in found):
            pk, title, state, starter, topic, maker, seed, *dates, slug = row
            origin = words.yes if seed else words.no
            known: Row = (pk, title, words.states[state], starter, topic, maker, origin)
            yield (*known, *map(words.at, dates), tallies.get(pk, 0), words.url(slug))


def _decision_rows(keys: QuerySet[Any, Any], words: _Words) -> Iterator[Row]:
    for chunk in _chunks(keys):
        moves = [pk for _at, kept_in, pk in chunk if kept_in == _MOVES]
        reasons, upheld, found = _reasons_of(moves), narrowing.upheld_by(moves), _found(chunk)
        people = User.objects.in_bulk({row[_BY] for row in found.values() if row[_BY]})
        for kept_in, pk in (key for _at, *key in chunk if tuple(key) in found):
            petition, title, number, at, by, note, slug, *more = found[kept_in, pk]
            if kept_in == _MOVES:
                source, target, other = more
                kind, given = (kept_in, pk in upheld), "; ".join(sorted(reasons[pk]))
            else:
                source, target, other = "", "", None
                kind, given = (kept_in, *more), ""
            known: Row = (petition, title, number, words.at(at), people[by].shown_name if by else "")
            moved: Row = (words.states.get(source, ""), words.states.get(target, ""), given, other)
            yield (*known, *moved, note, words.url(slug), words.kinds[kind])


def _keys_of(rows: QuerySet[Any], kept_in: int, at: str) -> QuerySet[Any, Any]:
    """Return when each was decided, where it is kept, and its key there."""
    stamped: QuerySet[Any, Any] = rows.annotate(decided=F(at), kept_in=Value(kept_in))
    return stamped.order_by().values_list("decided", "kept_in", "pk")


def _found(keys: list[tuple[Any, int, int]]) -> dict[tuple[int, int], tuple[Any, ...]]:
    """Read what these decisions say."""
    found = {}
    tables: list[tuple[QuerySet[Any], tuple[str, ...]]] = [
        (Transition.objects.all(), _MOVE),
        (Objection.objects.all(), _OBJECTION),
        (Edit.objects.all(), _EDIT),
    ]
    for kept_in, (rows, columns) in enumerate(tables):
        here = [pk for _at, number, pk in keys if number == kept_in]
        said = rows.filter(pk__in=here).values_list("pk", *columns)
        found.update({(kept_in, pk): tuple(row) for pk, *row in said})
    return found


def _reasons_of(keys: list[int]) -> defaultdict[int, list[str]]:
    """Return the titles of the reasons that were given in each of these moves."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    given = TransitionReason.objects.filter(transition__in=keys)
    for move, title in given.values_list("transition", "reason__title"):
        found[move].append(title)
    return found


def _chunks(keys: QuerySet[Any, Any]) -> Iterator[list[Any]]:
    rows = keys.iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _in_zone(label: str, zone: tzinfo) -> str:
    return f"{label} ({zone})"
