"""What beat starts, and how often (seconds). Each task finds its work in the database, so a missed tick is harmless."""

from typing import Any

DAY = 86_400


def entry(task: str, every: float) -> dict[str, Any]:
    """Return a beat entry that is dropped when it waited for longer than five periods."""
    return {"task": task, "schedule": every, "options": {"expires": max(5.0, 5 * every)}}


BEAT_SCHEDULE = {
    "outbox.beat": entry("outbox.tasks.beat", 10),
    "outbox.sweep": entry("outbox.tasks.sweep", 2),
    "petitions.close_due": entry("petitions.tasks.close_due", 30),
    "petitions.alert_moderators": entry("petitions.tasks.alert_moderators", 300),
    "signatures.roll_up": entry("signatures.tasks.roll_up", 1),
    "signatures.announce": entry("signatures.tasks.announce", 2),
    "signatures.purge": entry("signatures.tasks.purge", DAY),
    "accounts.sweep_unverified": entry("accounts.tasks.sweep_unverified", DAY),
    "accounts.sweep_sessions": entry("accounts.tasks.sweep_sessions", DAY),
}
