"""The mail of a decision as its reader would get it, before anything is decided."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from outbox.models import Message
from outbox.render import render
from petitions.emails import DECISIONS


@dataclass(frozen=True)
class Preview:
    """What the reader would see."""

    subject: str
    text: str
    html: str


def mail_of(act: Callable[[], object]) -> Preview | None:
    """Do it, read the mail that it posts and undo everything; return nothing where it posts none.

    So the preview is what will be sent, to the letter, and what can't be decided is refused here already.
    """
    with transaction.atomic():
        last = Message.objects.aggregate(last=Max("pk"))["last"] or 0
        act()
        message = Message.objects.filter(pk__gt=last, kind__in=DECISIONS).order_by("pk").last()
        preview = _rendered(message) if message else None
        transaction.set_rollback(True)
    return preview


def _rendered(message: Message) -> Preview:
    mail = render(message)
    return Preview(str(mail.subject), str(mail.body), str(mail.alternatives[0][0]))
