"""What submitting and approving write, in two statements: most tests begin where a petition has been published."""

from django.db import connection

from accounts.models import User
from petitions import discovery
from petitions.models import Petition

# Without the mails and the alert; `tests/petitions/test_shortcut.py` compares the rest with what the services leave.
_PUBLISH = """
WITH published AS (
  UPDATE petitions_petition
     SET state = 'published', submitted_at = statement_timestamp(), published_at = statement_timestamp()
   WHERE id = %(petition)s
  RETURNING id, version_id, starter_id),
frozen AS (
  UPDATE petitions_version v SET frozen_at = statement_timestamp()
    FROM published WHERE v.id = published.version_id
  RETURNING v.decision_maker_id),
offered AS (
  UPDATE petitions_decisionmaker m SET listed = true FROM frozen WHERE m.id = frozen.decision_maker_id)
INSERT INTO petitions_transition (petition_id, version_id, actor_id, at, source, target, note_to_starter, internal_note)
SELECT id, version_id, starter_id, statement_timestamp(), 'draft', 'submitted', '', '' FROM published
 UNION ALL
SELECT id, version_id, %(moderator)s, statement_timestamp(), 'submitted', 'published', '', '' FROM published"""


def publish(petition: Petition, moderator: User) -> None:
    """Publish a complete draft as if its starter had submitted it and this moderator had approved it."""
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISH, {"petition": petition.pk, "moderator": moderator.pk})
    discovery.index_new([petition.pk])
