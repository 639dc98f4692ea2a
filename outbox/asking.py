"""Which mails must not go any more: asked right before they go, for many at once where their kind can answer so."""

import time
from collections.abc import Collection, Iterable, Sequence

from lib import faults
from outbox import kinds, suppressing
from outbox.kinds import Kind, WantedAmong
from outbox.models import Message

# An answer is worth nothing any more after this. At a quick server's pace it serves for a group; a slow one's mails are
# asked about one by one.
FRESH_SECONDS = 0.25
UNWANTED = "no longer wanted"
CAME_BACK = "an earlier mail to this address came back"


class Gate:
    """Keeps answers for as long as they are fresh."""

    def __init__(self) -> None:
        self._reasons: dict[int, str] = {}
        self._until = 0.0

    def reason_to_drop(self, message: Message, following: Iterable[Message]) -> str:
        """Return why this mail must not go, else an empty string; those that follow are asked about with it."""
        kind = kinds.get(message.kind)
        if not kind.wanted_among:
            return _reason(kind, message)
        if time.monotonic() > self._until or message.pk not in self._reasons:
            self._ask(
                kind, kind.wanted_among, [message, *(each for each in following if each.kind == message.kind)]
            )
        return self._reasons[message.pk]

    def forget(self) -> None:
        """Ask anew: something has changed."""
        self._until = 0.0

    def _ask(self, kind: Kind, wanted_among: WantedAmong, messages: Sequence[Message]) -> None:
        self._until = time.monotonic() + FRESH_SECONDS
        try:
            self._reasons = _reasons(kind, wanted_among(messages), messages)
        except Exception as fault:
            if faults.is_outage(fault):
                raise
            # Whichever of them is ill, it must not infect the others.
            self._reasons = {messages[0].pk: _reason(kind, messages[0])}


def _reasons(kind: Kind, wanted: Collection[int], messages: Sequence[Message]) -> dict[int, str]:
    came_back = suppressing.suppressed_among(each.to_address for each in messages) if kind.bulk else set()
    return {
        each.pk: UNWANTED if each.pk not in wanted else CAME_BACK if each.to_address in came_back else ""
        for each in messages
    }


def _reason(kind: Kind, message: Message) -> str:
    if kind.still_wanted and not kind.still_wanted(message):
        return UNWANTED
    # Other mails follow from what somebody did just now: each is tried once, and one that is taken lifts this.
    if kind.bulk and suppressing.is_suppressed(message.to_address):
        return CAME_BACK
    return ""
