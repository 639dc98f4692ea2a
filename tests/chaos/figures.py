"""What replies add up to: how many of each kind, and how long they took."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.chaos.crowd import Reply, Request

DONE = frozenset({200, 302})


def kinds(replies: Iterable[Reply]) -> Counter[int]:
    """Return how many replies had each status."""
    return Counter(reply.status for reply in replies)


def errors(replies: Iterable[Reply]) -> int:
    """Count the replies that were no answer, or an apology for a fault."""
    return sum(reply.status == 0 or reply.status >= 500 for reply in replies)


def is_clean_503(reply: Reply) -> bool:
    """Tell whether the reply says in plain words that the site is away, and when to come back."""
    says_when = reply.headers.get("retry-after", "").isdecimal()
    return reply.status == 503 and says_when and "moment" in reply.body and "<h1>" in reply.body


def rate(replies: Sequence[Reply]) -> float:
    """Return how many a second were answered."""
    return len(replies) / max(reply.at for reply in replies)


def waits(requests: Sequence[Request], replies: Sequence[Reply]) -> list[float]:
    """Return how long each one waited from the moment it was due, sorted: a late start counts as waiting too."""
    return sorted(reply.at - (each.after or 0.0) for each, reply in zip(requests, replies, strict=True))


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value that so many hundredths of the sorted ones stay below."""
    return values[min(len(values) - 1, len(values) * share // 100)]


def in_ms(values: Sequence[float]) -> str:
    """Return the median and the slow ends of sorted seconds."""
    return " / ".join(f"{1000 * percentile(values, share):.0f}" for share in (50, 95, 99)) + " ms"
