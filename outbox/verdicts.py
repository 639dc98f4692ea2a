"""What became of one try to send a mail, and what follows from it."""

import random
import smtplib
import traceback
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePath

from outbox.masking import mask_all
from outbox.models import Message

# Seconds to wait after the first, second, … try; then hourly until about two days have gone.
DELAYS = (10, 30, 120, 600, 1800, *[3600] * 47)
ATTEMPTS = len(DELAYS) + 1
# A mail that can't be made is a fault of ours: a few hours for a repair, then it is a dead letter.
POISON_ATTEMPTS = 8
_JITTER = 0.1
_PERMANENT = range(500, 600)
_CLOSING = 421
_TOO_BIG = 552
_LONGEST_ANSWER = 500


class Verdict(Enum):
    """The ways a try can end."""

    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"
    RETRY = "retry"


@dataclass(frozen=True)
class Outcome:
    """The end of one try; `server_away` says that the others need not be tried now."""

    message: Message
    verdict: Verdict
    error: str = ""
    maybe_duplicate: bool = False
    server_away: bool = False


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
    error = f"the mail could not be made: {_place_of(fault)}"
    return again(message, error, limit=POISON_ATTEMPTS, maybe_duplicate=maybe_duplicate)


def unreachable(message: Message, fault: Exception) -> Outcome:
    """Return what follows when no conversation with the server came about."""
    return again(message, f"no connection: {_answer(fault)}", server_away=True)


def lost(message: Message, fault: Exception, *, maybe_duplicate: bool) -> Outcome:
    """Return what follows when the connection broke; after the text was handed over the server may have it."""
    return again(message, f"connection lost: {_answer(fault)}", maybe_duplicate=maybe_duplicate)


def refused(message: Message, fault: Exception) -> Outcome:
    """Return what follows from the server's answer: wait, wait for a server in a better mood, or give up."""
    code, answer = _code(fault), _answer(fault)
    if code == _CLOSING or (isinstance(fault, smtplib.SMTPSenderRefused) and code != _TOO_BIG):
        # The server has no quarrel with this recipient but with us, or with the hour.
        return again(message, answer, server_away=True)
    if code in _PERMANENT:
        return Outcome(message, Verdict.FAILED, answer)
    return again(message, answer)


def is_answer(fault: Exception) -> bool:
    """Say whether the server answered, so that the connection still stands and the mail's fate is known."""
    return _code(fault) is not None


def _code(fault: Exception) -> int | None:
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return next(iter(fault.recipients.values()))[0]
    # smtplib makes up -1 for an answer that it can't read.
    if isinstance(fault, smtplib.SMTPResponseException) and fault.smtp_code > 0:
        return int(fault.smtp_code)
    return None


def _answer(fault: Exception) -> str:
    """Return the server's own words without addresses: they are kept in the row and shown to administrators."""
    words: bytes | str = str(fault)
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        words = next(iter(fault.recipients.values()))[1]
    elif isinstance(fault, smtplib.SMTPResponseException):
        words = fault.smtp_error
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    answer = f"{_code(fault) or type(fault).__name__} {text}".replace("\x00", "")
    return mask_all(" ".join(answer.split()))[:_LONGEST_ANSWER]


def _place_of(fault: Exception) -> str:
    # Not the fault's own words: they may repeat values of the mail, secrets too.
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(fault).__name__}{place}"
