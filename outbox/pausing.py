"""Keep mails in the queue: one kind or everything, by an administrator's order or by the mail server's answer.

A pause by the site itself follows a refusal that would meet every mail (`outbox.answers`). It heals by itself: one mail
is tried after half a minute, then at doubled times, at last every ten minutes, and once the server listens again the
pause ends; a night's outage is over before anybody is up. A person's pause ends only by a person, and nothing is tried
against it. Mails that a worker has already taken, 50 at most, still leave. No try of a waiting mail is used up by
either.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Least, Now

from outbox import doorbell, kinds
from outbox.models import Lane, Pause

logger = logging.getLogger(__name__)

EVERYTHING = ""
FIRST_PROBE_AFTER = timedelta(seconds=30)
PROBE_EVERY = timedelta(minutes=10)
# As long again as the pause has lasted.
_SO_FAR = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
_NEXT_PROBE = Now() + Least(Value(PROBE_EVERY), _SO_FAR + Value(FIRST_PROBE_AFTER))


def pause(*, kind: str, reason: str = "") -> tuple[Pause, bool]:
    """Pause a kind, or EVERYTHING, for a person; return the pause and whether it is new."""
    if kind:
        kinds.get(kind)
    return Pause.objects.get_or_create(
        kind=kind, is_automatic=False, ended_at=None, defaults={"reason": reason}
    )


@transaction.atomic
def resume(*, kind: str) -> list[Pause]:
    """End every pause of a kind, or of EVERYTHING, the site's own too, and return them."""
    ended = list(Pause.objects.active().filter(kind=kind).select_for_update())
    Pause.objects.filter(pk__in=[each.pk for each in ended]).update(ended_at=Now())
    _ring()
    return ended


def pause_by_itself(*, answer: str) -> None:
    """Pause everything because of this answer; if that is so already, keep the latest answer."""
    _pause, is_new = Pause.objects.get_or_create(
        kind=EVERYTHING,
        is_automatic=True,
        ended_at=None,
        defaults={"reason": answer, "probe_at": Now() + FIRST_PROBE_AFTER},
    )
    if is_new:
        logger.error("the mail server refuses us, all mail is paused: %s", answer)
    else:
        Pause.objects.automatic().update(reason=answer)


@transaction.atomic
def end_by_itself() -> None:
    """End the site's own pause: the server has listened."""
    if Pause.objects.automatic().update(ended_at=Now()):
        logger.warning("the mail server listens again, mail is no longer paused")
        _ring()


def is_probe_due() -> bool:
    """Say whether the site has paused everything and may try a mail again."""
    return Pause.objects.probe_due().exists()


def take_probe() -> bool:
    """Take the one try that is due for oneself; False if somebody else was quicker."""
    return Pause.objects.probe_due().update(probe_at=_NEXT_PROBE) == 1


def _ring() -> None:
    for lane in Lane:
        doorbell.ring_on_commit(lane)
