"""Say whether urgent mail is late, for the pages on which people wait for one.

The answer is the site's: it is the same whoever asks and whatever address was typed.
"""

from datetime import timedelta
from typing import Any

from django.db import connection

from outbox import kinds, pausing
from outbox.claiming import HEADS
from outbox.models import Lane
from outbox.verdicts import NO_CONNECTION

LATE_AFTER = timedelta(minutes=2)

# Paused; or nobody takes what is due; or the server can't be reached, when each mail that was tried is due again later.
# One that was refused for its own sake is no sign, nor one after which another has left.
_IS_LATE = f"""
WITH {HEADS}
SELECT EXISTS (SELECT FROM outbox_pause WHERE ended_at IS NULL AND kind = ANY(%(kinds)s))
    OR EXISTS (SELECT FROM heads WHERE due_at < statement_timestamp() - %(late_after)s)
    OR EXISTS (
        SELECT FROM queued JOIN outbox_message AS mail USING (kind)
        WHERE mail.state = 'queued' AND mail.lane = %(lane)s AND mail.last_error ^@ %(no_connection)s
        AND mail.created_at < statement_timestamp() - %(late_after)s
        AND NOT EXISTS (SELECT FROM outbox_pause AS pause WHERE pause.kind = queued.kind AND pause.ended_at IS NULL)
        AND NOT EXISTS (
            SELECT FROM outbox_message AS later
            WHERE later.state = 'sent' AND later.to_address <> '' AND later.created_at > mail.created_at))
"""  # noqa: S608 - made of constants


def is_late(*waited_for: str) -> bool:
    """Say whether a mail of these urgent kinds, written now, would stay here for minutes or longer."""
    values: dict[str, Any] = {
        "kinds": [pausing.EVERYTHING, *(kinds.get(name).name for name in waited_for)],
        "lane": Lane.URGENT.value,
        "probing": False,
        "late_after": LATE_AFTER,
        "no_connection": NO_CONNECTION,
    }
    with connection.cursor() as cursor:
        cursor.execute(_IS_LATE, values)
        return bool(cursor.fetchone()[0])
