"""What a database needs that was restored from a backup, before anybody may use it again.

Mails and announcements that were open when the backup was taken were most likely sent soon afterwards; that history is
lost. So whatever they lead to is written now and flagged: nothing is left out, and nothing comes twice unmarked.
"""

from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from outbox import restored
from signatures import rollup
from signatures.models import Announcement
from signatures.services import announcing


@dataclass(frozen=True)
class Resumed:
    """What was found open."""

    mails: int
    sessions: int


def resume(*, drop_mails: bool = False) -> Resumed:
    """Finish counts and announcements, flag or drop all queued mail, end all sessions; workers must be stopped."""
    rollup.roll_up()
    Announcement.objects.open().update(stuck_since=None)
    while _bring_forward():
        announcing.announce_due()
    mails = restored.drop_queued() if drop_mails else restored.flag_queued()
    # Sessions that people have ended since must not come back to life.
    sessions, _each = Session.objects.all().delete()
    return Resumed(mails, sessions)


def _bring_forward() -> bool:
    """Make open announcements due at once, second rounds too, and say whether there is any that meets no fault."""
    return Announcement.objects.open().filter(stuck_since=None).update(due_at=Now()) > 0
