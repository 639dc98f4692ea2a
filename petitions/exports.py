"""The rows of the desk's exports: petitions as the list has them, and the decisions on them from the record.

Times are those of one time zone, with its offset. Nothing here holds an e-mail address, a text or an internal note.
Rows are read through a cursor of the database, at one moment, so many at a time; whatever is in the reader's language
is chosen before the first row, for by then nobody speaks it any more.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
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
    return _petition_rows(petitions, _at(zone), _states(), (_("yes"), _("no")))


def decision_header(zone: tzinfo) -> list[str]:
    """Return what the columns are, with the zone of the times."""
    return [
        *(_("Petition"), _("Title then"), _("Version"), _in_zone(_("Decided"), zone), _("By")),
        *(_("From"), _("To"), _("Reasons"), _("Asks the same as"), _("Note to the starter"), _("Address")),
    ]


def decision_rows(petitions: PetitionQuerySet, zone: tzinfo) -> Iterator[Row]:
    """Return a row for each decision on these petitions, the oldest first."""
    on_them = narrowing.decisions().filter(petition__in=petitions.order_by().values("pk"))
    moves = on_them.select_related("version", "actor", "petition").prefetch_related("reasons")
    narrow = moves.only(
        *("at", "source", "target", "note_to_starter", "duplicate_of", "version__title", "version__number"),
        *("actor__name", "actor__email", "petition__slug"),
    )
    return _decision_rows(narrow.order_by("pk"), _at(zone), _states())


def _petition_rows(
    petitions: PetitionQuerySet,
    at: Callable[[datetime | None], str],
    states: dict[str, str],
    yes_no: tuple[str, str],
) -> Iterator[Row]:
    for row in petitions.values_list(*_PETITION).iterator(chunk_size=CHUNK):
        pk, title, state, starter, topic, maker, seed, *dates, signatures, slug = row
        origin = yes_no[0] if seed else yes_no[1]
        known: tuple[object, ...] = (pk, title, states[state], starter, topic, maker, origin)
        yield (*known, *map(at, dates), signatures or 0, _address(slug))


def _decision_rows(
    moves: QuerySet[Transition], at: Callable[[datetime | None], str], states: dict[str, str]
) -> Iterator[Row]:
    for move in moves.iterator(chunk_size=CHUNK):
        yield _decision(move, at, states)


def _decision(move: Transition, at: Callable[[datetime | None], str], states: dict[str, str]) -> Row:
    reasons = "; ".join(sorted(reason.title for reason in move.reasons.all()))
    return (
        *(move.petition_id, move.version.title, move.version.number, at(move.at)),
        *(move.actor.shown_name if move.actor else "", states[move.source], states[move.target]),
        *(reasons, move.duplicate_of_id, move.note_to_starter, _address(move.petition.slug)),
    )


def _states() -> dict[str, str]:
    return {state.value: str(state.label) for state in State}


def _at(zone: tzinfo) -> Callable[[datetime | None], str]:
    def written(moment: datetime | None) -> str:
        return moment.astimezone(zone).isoformat(" ", "seconds") if moment else ""

    return written


def _in_zone(label: str, zone: tzinfo) -> str:
    return f"{label} ({zone})"


def _address(slug: str) -> str:
    petition: Any = Petition(slug=slug)
    return f"{settings.SITE_URL}{petition.get_absolute_url()}"
