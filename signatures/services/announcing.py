"""Telling the starter and the supporters of a milestone, in chunks that can stop and go on anywhere."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from signatures import emails
from signatures.models import Announcement, Signature

CHUNK = 500
# Signatures that were committed while the first round went on are met by a second one.
SECOND_ROUND_AFTER = timedelta(seconds=60)
ROUNDS = 2


def announce_due(*, chunks: int = 20) -> int:
    """Work off due announcements, at most so many chunks, and return how many mails were written."""
    written = 0
    for _chunk in range(chunks):
        step = _next_chunk()
        if step is None:
            break
        written += step
    return written


@transaction.atomic
def _next_chunk() -> int | None:
    """Write the mails of one chunk and move on in the same transaction; None when nothing is due."""
    due = Announcement.objects.filter(done_at__isnull=True, due_at__lte=Now()).order_by("due_at", "pk")
    with_text = due.select_related("milestone__petition__starter", "milestone__petition__version")
    announcement = with_text.select_for_update(skip_locked=True, of=("self",)).first()
    if announcement is None:
        return None
    if announcement.cursor == 0 and announcement.round == 1:
        emails.milestone_starter(announcement.milestone)
    supporters = list(_supporters(announcement)[:CHUNK])
    written = emails.milestone_supporters(announcement.milestone, supporters)
    _go_on(announcement, supporters)
    return written


def _supporters(announcement: Announcement) -> QuerySet[Signature]:
    petition = announcement.milestone.petition
    wanting = Signature.objects.wanting_mail().filter(petition=petition, pk__gt=announcement.cursor)
    # The starter gets a mail of their own.
    return wanting.not_by(petition.starter_id).order_by("pk")


def _go_on(announcement: Announcement, told: list[Signature]) -> None:
    if len(told) == CHUNK:
        announcement.cursor = told[-1].pk
    elif announcement.round < ROUNDS:
        announcement.round, announcement.cursor = announcement.round + 1, 0
        announcement.due_at = Now() + SECOND_ROUND_AFTER
    else:
        announcement.done_at = Now()
    announcement.save()
