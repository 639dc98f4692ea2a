"""What the outbox says about itself: readiness, and the promises that an audit proves."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Max, Q, QuerySet
from django.db.models.functions import Now

from lib.health import Reading
from outbox import kinds, pausing, suppressing
from outbox.claiming import LEASE_SECONDS, longest_wait
from outbox.lateness import is_late
from outbox.models import KEPT_FOR, Beat, Lane, Message, Pause, State, Suppression

# Urgent mail leaves within seconds; a minute means that a worker, the broker or the mail server is away. Bulk mail to
# many takes its time.
LAG_ALARMS = {Lane.URGENT: timedelta(seconds=60), Lane.BULK: timedelta(hours=1)}
BEAT_ALARM = timedelta(seconds=60)
# The audit runs daily.
LATELY = timedelta(days=2)


def read_outbox() -> Reading:
    """Report how long the mails that go next have waited, how many were given up, and what is paused.

    A kind that somebody has paused is a decision; everything paused is worth an alarm, whoever ordered it.
    """
    waits = {lane: longest_wait(lane) or timedelta() for lane in Lane}
    paused = sorted({kind or "everything" for kind in Pause.objects.active().values_list("kind", flat=True)})
    # While the server is away each mail is due again later, so that none of them has waited for long.
    late = any(wait >= LAG_ALARMS[lane] for lane, wait in waits.items()) or is_late()
    figures: dict[str, float | int | str | None] = {
        "lag_seconds": round(waits[Lane.URGENT].total_seconds()),
        "bulk_lag_seconds": round(waits[Lane.BULK].total_seconds()),
        "dead_letters": Message.objects.dead().count(),
        "paused": ", ".join(paused) or None,
    }
    return Reading(ok=not late and "everything" not in paused, figures=figures)


def read_beat() -> Reading:
    """Report how long ago the beat last reached a worker."""
    age = _age(Beat.objects.all(), "at")
    return Reading(ok=age is not None and age < BEAT_ALARM, figures={"age_seconds": _seconds(age)})


def find_stuck() -> Iterator[str]:
    """Name mails whose sender vanished and that nobody took over, though nothing is paused."""
    paused = set(Pause.objects.active().values_list("kind", flat=True))
    stuck = Message.objects.none() if pausing.EVERYTHING in paused else Message.objects.stuck()
    for message in stuck.exclude(kind__in=paused).order_by("pk"):
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


def find_mails_to_suppressed() -> Iterator[str]:
    """Name bulk mails of the last days that left for an address some time after it had come back."""
    since = {row.address: row.at + timedelta(seconds=LEASE_SECONDS) for row in Suppression.objects.all()}
    bulk = [kind.name for kind in kinds.registered() if kind.bulk]
    lately = Message.objects.settled().filter(kind__in=bulk, sent_at__gt=Now() - LATELY)
    for message in lately.order_by("pk").iterator() if since else ():
        at = since.get(suppressing.key_of(message.to_address))
        if at and message.sent_at and message.sent_at > at:
            yield f"mail {message.pk} ({message.kind}) went to an address that had come back"


def find_kept_addresses() -> Iterator[str]:
    """Say how many old mails still hold an address."""
    overdue = Message.objects.settled().filter(created_at__lt=Now() - KEPT_FOR - LATELY).count()
    if overdue:
        yield f"{overdue} mails still hold an address, more than {(KEPT_FOR + LATELY).days} days after they were written"


def _holds_any(keys: tuple[str, ...]) -> Q:
    holds = Q(pk__in=[])
    for key in keys:
        holds |= Q(context__has_key=key) & ~Q(**{f"context__{key}": ""})
    return holds


def _age(rows: "QuerySet[Beat]", field: str) -> timedelta | None:
    """Return the database's now minus the earliest of these times."""
    age = ExpressionWrapper(Now() - F(field), output_field=DurationField())
    found: timedelta | None = rows.aggregate(age=Max(age))["age"]
    return found


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else round(age.total_seconds())
