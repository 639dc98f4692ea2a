"""The figures at the top of the list of mails: each kind's by state, what is paused, and what was done by whom."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from outbox.models import Message, Pause, State, Suppression

LATELY = timedelta(days=1)
# How much of the record stands on the page.
SHOWN = 8


@dataclass
class Figures:
    """One kind, or all of them: how many wait and were given up, and how the day's mails ended."""

    kind: str = ""
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    oldest: datetime | None = None
    pause: Pause | None = None

    def add(self, state: str, count: int, oldest: datetime) -> None:
        """Count mails of one state; the oldest is looked for among those that wait."""
        self.counts[state] += count
        if state == State.QUEUED:
            self.oldest = min(self.oldest or oldest, oldest)

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Return every state with its number, in the order of the columns."""
        return [(state, self.counts[state]) for state in (State.FAILED, State.SENT, State.DROPPED)]

    @property
    def queued(self) -> int:
        """Return how many wait."""
        return self.counts[State.QUEUED]


@dataclass(frozen=True)
class Entry:
    """One line of the record."""

    at: datetime
    what: str
    who: str


def read() -> dict[str, Any]:
    """Return what the page shows above its list: three queries, each along an index."""
    pauses = list(Pause.objects.active().order_by("is_automatic", "at"))
    total = Figures()
    by_kind: dict[str, Figures] = {}
    for row in _counted():
        kind = by_kind.setdefault(row["kind"], Figures(row["kind"]))
        for figures in (total, kind):
            figures.add(row["state"], row["count"], row["oldest"])
    for pause in pauses:
        if pause.kind:
            by_kind.setdefault(pause.kind, Figures(pause.kind)).pause = pause
    return {
        "total": total,
        "figures": [by_kind[kind] for kind in sorted(by_kind)],
        "stops": [pause for pause in pauses if not pause.kind],
        "record": _record(),
    }


def record_of(pk: str) -> list[Entry]:
    """Return what was done with one mail, latest first."""
    return [_entry(each) for each in _logged(Message).filter(object_id=pk)]


def _counted() -> QuerySet[Message, Any]:
    lately = Message.objects.settled().filter(created_at__gt=Now() - LATELY)
    waiting, dead, settled = (
        rows.order_by().values("kind", "state").annotate(count=Count("pk"), oldest=Min("created_at"))
        for rows in (Message.objects.queued(), Message.objects.dead(), lately)
    )
    return waiting.union(dead, settled, all=True)


def _record() -> list[Entry]:
    """Return the latest of what people did and of what the site did by itself."""
    done = [_entry(each) for each in _logged(Message, Pause, Suppression)[:SHOWN]]
    for pause in Pause.objects.filter(is_automatic=True).order_by("-at")[:SHOWN]:
        done.append(Entry(pause.at, _("everything paused: %(answer)s") % {"answer": pause.reason}, ""))
        if pause.ended_at:
            done.append(Entry(pause.ended_at, _("no longer paused after the server’s answer"), ""))
    return sorted(done, key=lambda entry: entry.at, reverse=True)[:SHOWN]


def _logged(*models: Any) -> QuerySet[LogEntry]:
    types = ContentType.objects.get_for_models(*models).values()
    entries = LogEntry.objects.filter(content_type__in=list(types))
    return entries.select_related("user").order_by("-action_time", "-pk")


def _entry(logged: LogEntry) -> Entry:
    message = logged.get_change_message() or logged.get_action_flag_display()
    return Entry(logged.action_time, f"{logged.object_repr}: {message}", logged.user.get_short_name())
