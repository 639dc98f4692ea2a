"""The rows of a petition's export: every signature that counts, in the order of confirming, without addresses."""

from collections.abc import Iterator
from datetime import tzinfo

from django.utils.translation import gettext as _

from petitions.models import Petition
from signatures.models import Signature

# So many rows are in memory at a time.
CHUNK = 2_000


def header() -> list[str]:
    """Return what the columns are, in the active language."""
    return [_("Number"), _("Name"), _("Confirmed on"), _("Reason")]


def rows(petition: Petition, zone: tzinfo) -> Iterator[tuple[object, ...]]:
    """Return the rows of one moment, read through a cursor of the database; days are those of the time zone.

    A name is there where its person shows it, and the reason with it, unless a moderator has hidden that. The words
    for the others are chosen now: by the time the rows are read nobody speaks the reader’s language any more.
    """
    return _rows(petition, zone, _("(not shown)"))


def _rows(petition: Petition, zone: tzinfo, unnamed: str) -> Iterator[tuple[object, ...]]:
    counted = Signature.objects.confirmed().filter(petition=petition).order_by("confirmed_at", "pk")
    columns = counted.values_list("public", "name", "confirmed_at", "reason", "reason_hidden_at")
    for number, row in enumerate(columns.iterator(chunk_size=CHUNK), start=1):
        is_public, name, confirmed_at, reason, hidden_at = row
        day = confirmed_at.astimezone(zone).date() if confirmed_at else None
        shown = (name, day, "" if hidden_at else reason) if is_public else (unnamed, day, "")
        yield (number, *shown)
