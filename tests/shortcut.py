"""What starting, submitting and approving a petition write, in three statements: most tests begin after that."""

from uuid import uuid4

from django.db import connection

from accounts.models import User
from lib.text import slug_for
from petitions import discovery
from petitions.models import Version
from petitions.services import drafting
from petitions.services.drafting import Draft

# Without the mails and the alert; `tests/petitions/test_shortcut.py` compares the rest with what the services leave.
_KEYS = """
SELECT nextval(pg_get_serial_sequence('petitions_petition', 'id')),
       nextval(pg_get_serial_sequence('petitions_version', 'id'))"""
_PUBLISH = """
WITH addressee AS (
  INSERT INTO petitions_decisionmaker (name, listed) VALUES (%(decision_maker)s, true)
  ON CONFLICT (lower(name)) DO UPDATE SET listed = true
  RETURNING id),
petition AS (
  INSERT INTO petitions_petition
    (id, state, slug, version_id, starter_id, starter_name, topic_id, first_goal, language, request_key, created_at,
     submitted_at, published_at)
  VALUES (%(pk)s, 'published', %(slug)s, %(version)s, %(starter)s, %(starter_name)s, %(topic)s, %(first_goal)s,
          %(language)s, %(request_key)s, statement_timestamp(), statement_timestamp(), statement_timestamp())),
version AS (
  INSERT INTO petitions_version
    (id, petition_id, number, title, ask, snippet, body, body_html, format, decision_maker_id, author_id, created_at,
     frozen_at)
  SELECT %(version)s, %(pk)s, 1, %(title)s, %(ask)s, %(snippet)s, %(body)s, %(body_html)s, %(format)s, id,
         %(starter)s, statement_timestamp(), statement_timestamp() FROM addressee)
INSERT INTO petitions_transition (petition_id, version_id, actor_id, at, source, target, note_to_starter, internal_note)
VALUES (%(pk)s, %(version)s, %(starter)s, statement_timestamp(), 'draft', 'submitted', '', ''),
       (%(pk)s, %(version)s, %(moderator)s, statement_timestamp(), 'submitted', 'published', '', '');
INSERT INTO petitions_tally (petition_id, signatures) VALUES (%(pk)s, 0)"""


def published(draft: Draft, *, starter: User, moderator: User) -> int:
    """Write a petition as if its starter, who has a name, had started and submitted it and this moderator approved it."""
    words, version = draft.tidied(), Version()
    drafting.put_into_words(version, draft, form=Version.Format.MARKDOWN)
    with connection.cursor() as cursor:
        cursor.execute(_KEYS)
        pk, version.pk = cursor.fetchone()
        cursor.execute(
            _PUBLISH,
            {
                "pk": pk,
                "slug": slug_for(version.title, pk),
                "starter": starter.pk,
                "starter_name": words.starter_name,
                "topic": words.topic and words.topic.pk,
                "first_goal": words.first_goal,
                "language": words.language,
                "request_key": str(uuid4()),
                "decision_maker": words.decision_maker,
                "version": version.pk,
                **{
                    name: getattr(version, name)
                    for name in ("title", "ask", "snippet", "body", "body_html", "format")
                },
                "moderator": moderator.pk,
            },
        )
    discovery.index_new([pk])
    return int(pk)
