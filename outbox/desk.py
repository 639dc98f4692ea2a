"""Mail on the desk: what is paused, and what was given up; for administrators."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from lib import clock
from lib.desk import Line, Waiting
from lib.how_long import how_long
from outbox.models import Message, Pause

# How many dead letters the first page of the admin shows.
SHOWN = 5
VIEW = "outbox.view_message"


def list_url(state: str = "") -> str:
    """Return the list of mails, of one state if it is named."""
    url = reverse("admin:outbox_message_changelist")
    return f"{url}?state={state}" if state else url


def waiting() -> Waiting:
    """Read what somebody has to look at: every pause, then the oldest dead letters."""
    now = clock.now()
    pauses = list(Pause.objects.active().order_by("at"))
    dead = list(Message.objects.dead().order_by("pk")[:SHOWN])
    since = [pause.at for pause in pauses] + [message.created_at for message in dead]
    return Waiting(
        label=_("Mail that does not leave"),
        count=len(pauses) + Message.objects.dead().count(),
        oldest_at=min(since, default=None),
        url=list_url() if pauses else list_url("failed"),
        lines=(*(_pause(pause, now) for pause in pauses), *(_dead(message, now) for message in dead)),
    )


def _pause(pause: Pause, now: datetime) -> Line:
    kind = pause.kind or _("everything")
    title = _("Paused: %(kind)s. %(reason)s") % {"kind": kind, "reason": pause.reason}
    mark = "overdue" if pause.is_automatic else "amber"
    return Line(title.strip(), list_url(), how_long(pause.at, now), mark)


def _dead(message: Message, now: datetime) -> Line:
    title = _("Given up: %(kind)s. %(answer)s") % {"kind": message.kind, "answer": message.last_error}
    url = reverse("admin:outbox_message_change", args=[message.pk])
    return Line(title, url, how_long(message.created_at, now))
