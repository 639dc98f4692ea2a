"""What became of one try to send a mail, and what follows from it."""

import random
import smtplib
from dataclasses import dataclass
from enum import Enum

from lib import faults
from outbox import answers
from outbox.models import Message

# Seconds to wait after the first, second, … try; then hourly until about two days have gone.
DELAYS = (10, 30, 120, 600, 1800, *[3600] * 47)
ATTEMPTS = len(DELAYS) + 1
# A mail that can't be made is a fault of ours: a few hours for a repair, then it is a dead letter.
POISON_ATTEMPTS = 8
_JITTER = 0.1
# How the last answer of a mail begins that no server has heard of.
NO_CONNECTION = "no connection: "


class Verdict(Enum):
    """The ways a try can end."""

    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"
    RETRY = "retry"
    SHUT_OUT = "shut out"


@dataclass(frozen=True)
class Outcome:
    """The end of one try.

    `server_away` says that the others need not be tried now, `was_let_in` that the server has nothing against us,
    `mailbox_is_gone` that no further mail should go to this address.
    """

    message: Message
    verdict: Verdict
    error: str = ""
    maybe_duplicate: bool = False
    server_away: bool = False
    was_let_in: bool = False
    mailbox_is_gone: bool = False


def delay_after(attempts: int) -> float:
    """Return the seconds until the next try, up to a tenth more or less so that tries don't march in step."""
    base = DELAYS[min(attempts, len(DELAYS)) - 1]
    return base * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads load, guards nothing


def again(message: Message, error: str, *, limit: int = ATTEMPTS, **facts: bool) -> Outcome:
    """Return a retry, or a failure when the tries are used up."""
    verdict = Verdict.RETRY if message.attempts < limit else Verdict.FAILED
    return Outcome(message, verdict, error, **facts)


def poisoned(message: Message, fault: Exception, *, maybe_duplicate: bool = False) -> Outcome:
    """Return what follows when the mail itself could not be made."""
    error = f"the mail could not be made: {faults.place_of(fault)}"
    return again(message, error, limit=POISON_ATTEMPTS, maybe_duplicate=maybe_duplicate)


def unreachable(message: Message, fault: Exception) -> Outcome:
    """Return what follows when no conversation with the server came about."""
    answer = f"{NO_CONNECTION}{answers.words_of(fault)}"
    return (
        _shut_out(message, answer)
        if answers.shuts_the_door(fault)
        else again(message, answer, server_away=True)
    )


def lost(message: Message, fault: Exception, *, maybe_duplicate: bool) -> Outcome:
    """Return what follows when the connection broke; after the text was handed over the server may have it."""
    return again(message, f"connection lost: {answers.words_of(fault)}", maybe_duplicate=maybe_duplicate)


def refused(message: Message, fault: Exception) -> Outcome:
    """Return what follows from the server's answer: pause, wait for a better mood, wait, or give up."""
    answer = answers.words_of(fault)
    if answers.is_about_us(fault):
        return _shut_out(message, answer)
    is_temporary = not answers.is_permanent(fault)
    if answers.code_of(fault) == answers.CLOSING or (
        is_temporary and isinstance(fault, smtplib.SMTPSenderRefused)
    ):
        # The server has no quarrel with this recipient but with the hour.
        return again(message, answer, server_away=True)
    if is_temporary:
        return again(message, answer, was_let_in=True)
    is_gone = answers.is_about_the_mailbox(fault)
    return Outcome(message, Verdict.FAILED, answer, was_let_in=True, mailbox_is_gone=is_gone)


def is_answer(fault: Exception) -> bool:
    """Say whether the server answered, so that the connection still stands and the mail's fate is known."""
    return answers.code_of(fault) is not None


def _shut_out(message: Message, answer: str) -> Outcome:
    return Outcome(message, Verdict.SHUT_OUT, answer, server_away=True)
