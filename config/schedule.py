"""What beat starts, and how often (seconds). Each task finds its work in the database, so a missed tick is harmless."""

from typing import Any

# Daily work too is asked for each hour: a period of a day would never end where beat starts anew each day.
HOUR = 3_600


def entry(task: str, every: float, *, kept: float = 0) -> dict[str, Any]:
    """Return a beat entry that is dropped when it waited for longer than five periods, or than it is kept."""
    return {"task": task, "schedule": every, "options": {"expires": max(5.0, 5 * every, kept)}}


BEAT_SCHEDULE = {
    "outbox.beat": entry("outbox.tasks.beat", 10),
    "outbox.sweep": entry("outbox.tasks.sweep", 2),
    "outbox.forget": entry("outbox.tasks.forget", HOUR),
    "petitions.close_due": entry("petitions.tasks.close_due", 30),
    "petitions.alert_moderators": entry("petitions.tasks.alert_moderators", 300),
    "petitions.audit": entry("petitions.tasks.audit", HOUR),
    "signatures.roll_up": entry("signatures.tasks.roll_up", 1),
    "signatures.announce": entry("signatures.tasks.announce", 2),
    "signatures.remove": entry("signatures.tasks.remove", 2, kept=60),
    "signatures.purge": entry("signatures.tasks.purge", HOUR),
    "accounts.sweep_unverified": entry("accounts.tasks.sweep_unverified", HOUR),
    "accounts.sweep_sessions": entry("accounts.tasks.sweep_sessions", HOUR),
}
