"""The only place that hands mail to a server: claim a group of rows, send them over one connection, record each.

A claim is on disk before the first of its mails leaves; a record need not be, for the loss of one only means that a
lease runs out. So a killed process repeats at most the mail it had in hand, and whoever claims a row whose lease ran
out marks it as a possible duplicate.
"""

import logging
import smtplib
import time
import uuid
from collections import deque
from collections.abc import Iterable, Sequence
from typing import ClassVar, TypeAlias, cast

from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.core.mail import EmailMessage

from lib import faults
from outbox import doorbell, pausing, verdicts
from outbox.asking import Gate
from outbox.claiming import claim, longest_wait
from outbox.compiled import Sealed, seal
from outbox.models import Lane, Message
from outbox.recording import record, release
from outbox.render import render
from outbox.smtp import SmtpBackend
from outbox.verdicts import Outcome, Verdict

logger = logging.getLogger(__name__)

Ready: TypeAlias = EmailMessage | Sealed
# A vanished sender holds its group up until its lease is over, and each of them is marked: a run begins with few, urgent
# mails singly, and takes twice as many each time while groups go quickly.
FIRST_GROUP = {Lane.URGENT: 1, Lane.BULK: 10}
GROUP_SIZE = {Lane.URGENT: 8, Lane.BULK: 50}
# With a slow server a group is cut short.
GROUP_SECONDS = 1.0
# So often an urgent mail may go in the middle of a group.
LOOK_SECONDS = 0.25
# One task's share, in mails and seconds; the rest is for the next one, behind whatever has queued up meanwhile. Where
# one worker does everything, the count's roll-up waits for no longer than this even while all its processes send.
BATCH = 1000
BATCH_SECONDS = 1.0


def deliver(lanes: Sequence[Lane]) -> int:
    """Send what waits in these lanes, before each group the first lane first; return how many mails left.

    Stops after one batch, or when the server is away or wants nothing from us, and rings again for what is left over
    after a full batch. While the site itself has paused everything, one mail is tried when the next probe is due.
    """
    delivery = _Delivery(lanes)
    sent = delivery.run()
    if delivery.is_spent():
        for lane in lanes:
            if longest_wait(lane) is not None:
                doorbell.ring(lane)
    return sent


class _Delivery:
    """One run: one owner of leases, one connection."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self.owner = uuid.uuid4()
        self.lanes = lanes
        self.line, self.gate = _Line(), Gate()
        self.size = dict(FIRST_GROUP)
        self.tried = self.sent = 0
        self.server_away = self.probing = False
        self.until = time.monotonic() + BATCH_SECONDS
        self.look_at = time.monotonic() + LOOK_SECONDS

    def run(self) -> int:
        """Work through groups until nothing waits, the server is away or the run is spent."""
        try:
            self._send_groups()
            # Nothing could be claimed while the site itself has paused everything.
            if not self.tried and self._takes_the_probe():
                self.probing = True
                self._send_groups()
        finally:
            self.line.close()
        return self.sent

    def is_spent(self) -> bool:
        """Say whether this run has done its share."""
        return self.tried >= BATCH or time.monotonic() > self.until

    def _send_groups(self) -> None:
        while not self.server_away and not self.is_spent():
            if not any(map(self._send_group, self.lanes)):
                break

    def _takes_the_probe(self) -> bool:
        """Say whether it falls to this run to try one mail against the site's own pause."""
        if not pausing.is_probe_due():
            return False
        waiting = any(longest_wait(lane, probing=True) is not None for lane in self.lanes)
        return waiting and pausing.take_probe()

    def _send_group(self, lane: Lane) -> bool:
        """Send the next of a lane; False when no more waited there: what has come in meanwhile brings its own bell."""
        limit = 1 if self.probing else self.size[lane]
        group = claim(lane, limit, self.owner, probing=self.probing)
        waiting = deque(group)
        began = time.monotonic()
        self._send(waiting, lane, until=began + GROUP_SECONDS)
        if len(group) == limit and time.monotonic() < began + GROUP_SECONDS / 2:
            self.size[lane] = min(2 * self.size[lane], GROUP_SIZE[lane])
        else:
            self.size[lane] = max(self.size[lane] // 2, FIRST_GROUP[lane])
        return len(group) == limit or bool(waiting)

    def _send(self, waiting: deque[Message], lane: Lane, *, until: float) -> None:
        try:
            while waiting and time.monotonic() < until and not self.server_away:
                self._settle(self._try_to_the_end(waiting.popleft(), waiting))
                if lane != self.lanes[0]:
                    self._let_others_pass(until)
        finally:
            release(waiting, self.owner)

    def _let_others_pass(self, until: float) -> None:
        """Now and then send what has come into the first lane."""
        now = time.monotonic()
        if now < self.look_at or self.probing:
            return
        while time.monotonic() < until and not self.server_away and self._send_group(self.lanes[0]):
            pass
        self.look_at = time.monotonic() + LOOK_SECONDS

    def _settle(self, outcome: Outcome) -> None:
        record(outcome, self.owner)
        self.tried += 1
        self.sent += outcome.verdict is Verdict.SENT
        self.server_away = outcome.server_away
        if outcome.mailbox_is_gone:
            self.gate.forget()
        if self.probing and outcome.was_let_in:
            self.probing = False
            pausing.end_by_itself()

    def _try_to_the_end(self, message: Message, following: Iterable[Message]) -> Outcome:
        try:
            return self._try(message, following)
        except BaseException:
            # Killed softly, or without a database: that much can be said before we go.
            in_doubt = self.line.may_have_handed_over(message)
            record(verdicts.again(message, "interrupted", maybe_duplicate=in_doubt), self.owner)
            raise

    def _try(self, message: Message, following: Iterable[Message]) -> Outcome:
        if message.attempts > verdicts.ATTEMPTS:
            return Outcome(message, Verdict.FAILED, "given up: the sender died at every try")
        try:
            if reason := self.gate.reason_to_drop(message, following):
                return Outcome(message, Verdict.DROPPED, reason)
            ready = self.line.made_ready(message)
        except SoftTimeLimitExceeded:
            raise
        except Exception as fault:
            # Without a database the run ends; whatever else this row is ill with must not infect the others.
            if faults.is_outage(fault):
                raise
            logger.warning("mail %s of kind %s can't be made", message.pk, message.kind)
            return verdicts.poisoned(message, fault)
        return self.line.send(message, ready)


class _Line:
    """A connection that is opened for the first mail, kept, and opened again after it broke."""

    _lost: ClassVar = (smtplib.SMTPException, OSError)

    def __init__(self) -> None:
        self._backend = mail.get_connection()
        self._in_hand: int | None = None

    def may_have_handed_over(self, message: Message) -> bool:
        """Say whether the server may have taken this mail."""
        is_in_hand = self._in_hand == message.pk
        return is_in_hand and isinstance(self._backend, SmtpBackend) and self._backend.text_given

    def made_ready(self, message: Message) -> Ready:
        """Return the mail of a row, as bytes where the backend takes them and the mail is ordinary."""
        return (isinstance(self._backend, SmtpBackend) and seal(message)) or render(message)

    def send(self, message: Message, ready: Ready) -> Outcome:
        """Hand over one mail and return what the server made of it."""
        # Until this mail is on the line, a text that was handed over was another one's.
        self._in_hand = None
        try:
            is_fresh = self._backend.open() is not False
        except self._lost as fault:
            self._drop()
            return verdicts.unreachable(message, fault)
        return self._hand_over(message, ready, is_fresh)

    def close(self) -> None:
        """Hang up; a server that is gone already does not matter."""
        try:
            self._backend.close()
        except self._lost:
            self._drop()

    def _hand_over(self, message: Message, ready: Ready, is_fresh: bool) -> Outcome:
        try:
            self._in_hand = message.pk
            if isinstance(ready, Sealed):
                cast(SmtpBackend, self._backend).send_sealed(ready)
            else:
                self._backend.send_messages([ready])
        except SoftTimeLimitExceeded:
            raise
        except self._lost as fault:
            return self._after(fault, message, ready, is_fresh)
        except Exception as fault:  # noqa: BLE001 - a header or an address that can't be put on the wire
            in_doubt = self.may_have_handed_over(message)
            self._drop()
            return verdicts.poisoned(message, fault, maybe_duplicate=in_doubt)
        return Outcome(message, Verdict.SENT, was_let_in=True)

    def _after(self, fault: Exception, message: Message, ready: Ready, is_fresh: bool) -> Outcome:
        if verdicts.is_answer(fault):
            return verdicts.refused(message, fault)
        in_doubt = self.may_have_handed_over(message)
        self._drop()
        if is_fresh or in_doubt:
            return verdicts.lost(message, fault, maybe_duplicate=in_doubt)
        # Many servers take so many mails and hang up between two of them.
        return self.send(message, ready)

    def _drop(self) -> None:
        if isinstance(self._backend, SmtpBackend):
            self._backend.drop()
