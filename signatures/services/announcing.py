"""Telling the starter and the supporters of a milestone, in chunks that can stop and go on anywhere.

An announcement that meets a fault of ours is put off, at first for a minute, so that the others go on.
"""

import itertools
import logging
import time
from datetime import timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Coalesce, Least, Now

from lib import faults
from signatures import emails
from signatures.models import Announcement, Signature

CHUNK = 500
# One task's share; the rest is for the next one, behind the roll-up and the mails that somebody waits for.
SECONDS = 1.0
# Signatures that were committed while the first round went on are met by a second one.
SECOND_ROUND_AFTER = timedelta(seconds=60)
ROUNDS = 2
# After a fault: a minute, then as long again as it has been stuck.
PUT_OFF, PUT_OFF_AT_MOST = timedelta(minutes=1), timedelta(hours=1)
_STUCK_SINCE = Coalesce(F("stuck_since"), F("due_at"))
_STUCK_FOR = ExpressionWrapper(Now() - _STUCK_SINCE, output_field=DurationField())
_NEXT_TRY = Now() + Least(Value(PUT_OFF_AT_MOST), _STUCK_FOR + Value(PUT_OFF))

logger = logging.getLogger(__name__)


def announce_due(*, chunks: int | None = None) -> int:
    """Work off due announcements, so many chunks or as many as one task's time takes; return how many mails were written."""
    written, until = 0, time.monotonic() + SECONDS
    for done in itertools.count(1):
        step = _next_chunk()
        if step is None:
            break
        written += step
        if time.monotonic() > until if chunks is None else done == chunks:
            break
    return written


@transaction.atomic
def _next_chunk() -> int | None:
    """Write the mails of one chunk and move on in the same transaction, or put it off; None when nothing is due."""
    related = ("milestone__petition__starter", "milestone__petition__version")
    with_text = Announcement.objects.due().select_related(*related)
    announcement = with_text.select_for_update(skip_locked=True, of=("self",)).first()
    if announcement is None:
        return None
    try:
        with transaction.atomic():
            return _write_chunk(announcement)
    except SoftTimeLimitExceeded:
        raise
    except Exception as fault:
        if faults.is_outage(fault):
            raise
        _put_off(announcement.pk, fault)
        return 0


def _put_off(number: int, fault: Exception) -> None:
    Announcement.objects.filter(pk=number).update(stuck_since=_STUCK_SINCE, due_at=_NEXT_TRY)
    logger.error("announcement %s can’t go on and is put off: %s", number, faults.place_of(fault))


def _write_chunk(announcement: Announcement) -> int:
    if announcement.cursor == 0 and announcement.round == 1:
        emails.milestone_starter(announcement.milestone)
    numbers = list(_supporters(announcement).values_list("pk", flat=True)[:CHUNK])
    written = _tell(announcement, emails.untold(announcement.milestone, numbers))
    _go_on(announcement, numbers)
    return written


def _supporters(announcement: Announcement) -> QuerySet[Signature]:
    petition = announcement.milestone.petition
    wanting = Signature.objects.wanting_mail().filter(petition=petition, pk__gt=announcement.cursor)
    # The starter gets a mail of their own.
    return wanting.not_by(petition.starter_id).order_by("pk")


def _tell(announcement: Announcement, numbers: set[int]) -> int:
    """Write to these supporters; the second time round they are few."""
    if not numbers:
        return 0
    supporters = _supporters(announcement).filter(pk__in=numbers).only("email", "name", "language")
    return emails.milestone_supporters(announcement.milestone, list(supporters))


def _go_on(announcement: Announcement, looked_at: list[int]) -> None:
    announcement.stuck_since = None
    if len(looked_at) == CHUNK:
        # It has just gone on: whatever has waited for longer goes next.
        announcement.cursor, announcement.due_at = looked_at[-1], Now()
    elif announcement.round < ROUNDS:
        announcement.round, announcement.cursor = announcement.round + 1, 0
        announcement.due_at = Now() + SECOND_ROUND_AFTER
    else:
        announcement.done_at = Now()
    announcement.save()
