"""The daily audit: recount everything once a day, and keep what was found."""

import logging
from datetime import timedelta

from django.db import connection
from django.db.models.functions import Now

from lib import audit
from petitions.models import AuditRun

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=30)
# The first sentences say what is wrong; all of them may be a million, and the command lists them.
KEPT_SENTENCES = 20
# Whoever comes first takes the day. A run that was cut off is taken up again, but not while it may still be going on.
_TAKE = """
INSERT INTO petitions_auditrun AS run (day, broken) VALUES ((statement_timestamp() AT TIME ZONE 'UTC')::date, '{}')
ON CONFLICT (day) DO UPDATE SET began_at = statement_timestamp()
  WHERE run.ended_at IS NULL AND run.began_at < statement_timestamp() - interval '2 hours'
RETURNING id"""


def audit_today() -> AuditRun | None:
    """Run the day’s audit unless it was run, and return it; what is broken is kept, logged and shown."""
    pk = _take()
    if pk is None:
        return None
    found = {name: sentences for name, sentences in audit.breaches_at_one_moment().items() if sentences}
    for name, sentences in found.items():
        logger.error("promise broken: %s: %d breaches, such as %s", name, len(sentences), sentences[0])
    broken = {name: sentences[:KEPT_SENTENCES] for name, sentences in found.items()}
    AuditRun.objects.filter(pk=pk).update(
        ended_at=Now(), breaches=sum(map(len, found.values())), broken=broken
    )
    AuditRun.objects.filter(began_at__lt=Now() - KEPT_FOR).delete()
    return AuditRun.objects.get(pk=pk)


def latest() -> AuditRun | None:
    """Return the last audit that came to its end."""
    return AuditRun.objects.ended().first()


def _take() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE)
        row = cursor.fetchone()
    return row[0] if row else None
