"""What the outbox says about itself: readiness, and the promises that an audit proves."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Max, Q, QuerySet
from django.db.models.functions import Now

from lib.health import Reading
from outbox import kinds
from outbox.models import Beat, Message, State

# Urgent mail leaves within seconds; a minute means that a worker, the broker or the mail server is away.
LAG_ALARM = timedelta(seconds=60)
BEAT_ALARM = timedelta(seconds=60)


def read_outbox() -> Reading:
    """Report how long the mail that is due longest has waited, and how many were given up."""
    lag = _age(Message.objects.due(), "due_at")
    figures = {"lag_seconds": _seconds(lag) or 0, "dead_letters": Message.objects.dead().count()}
    return Reading(ok=lag is None or lag < LAG_ALARM, figures={**figures})


def read_beat() -> Reading:
    """Report how long ago the beat last reached a worker."""
    age = _age(Beat.objects.all(), "at")
    return Reading(ok=age is not None and age < BEAT_ALARM, figures={"age_seconds": _seconds(age)})


def find_stuck() -> Iterator[str]:
    """Name mails whose sender vanished and that nobody took over."""
    for message in Message.objects.stuck().order_by("pk"):
        yield f"mail {message.pk} ({message.kind}) has been stuck since {message.leased_until:%Y-%m-%d %H:%M:%S}"


def find_untimed() -> Iterator[str]:
    """Name sent mails that don't say when."""
    for message in Message.objects.filter(state=State.SENT, sent_at=None).order_by("pk"):
        yield f"mail {message.pk} ({message.kind}) was sent but has no time of sending"


def find_kept_secrets() -> Iterator[str]:
    """Name mails that have left, or never will, and still hold a code or link that opens something."""
    for kind in kinds.registered():
        gone = Message.objects.filter(kind=kind.name, state__in=[State.SENT, State.DROPPED])
        for message in gone.filter(_holds_any(kind.secrets)).order_by("pk"):
            yield f"mail {message.pk} ({message.kind}) still holds a secret"


def _holds_any(keys: tuple[str, ...]) -> Q:
    holds = Q(pk__in=[])
    for key in keys:
        holds |= Q(context__has_key=key) & ~Q(**{f"context__{key}": ""})
    return holds


def _age(rows: "QuerySet[Message] | QuerySet[Beat]", field: str) -> timedelta | None:
    """Return the database's now minus the earliest of these times."""
    age = ExpressionWrapper(Now() - F(field), output_field=DurationField())
    found: timedelta | None = rows.aggregate(age=Max(age))["age"]
    return found


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else round(age.total_seconds())
