"""What starting, submitting and approving a petition write, in a few statements: most tests begin after that."""

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
_SUBMIT = """
WITH addressee AS (
  INSERT INTO petitions_decisionmaker AS known (name, listed) VALUES (%(decision_maker)s, false)
  ON CONFLICT (lower(name)) DO UPDATE SET listed = known.listed
  RETURNING id),
petition AS (
  INSERT INTO petitions_petition
    (id, state, slug, version_id, starter_id, starter_name, topic_id, first_goal, language, request_key, created_at,
     submitted_at)
  VALUES (%(pk)s, 'submitted', %(slug)s, %(version)s, %(starter)s, %(starter_name)s, %(topic)s, %(first_goal)s,
          %(language)s, %(request_key)s, statement_timestamp(), statement_timestamp())),
version AS (
  INSERT INTO petitions_version
    (id, petition_id, number, title, ask, snippet, body, body_html, format, decision_maker_id, author_id, created_at,
     frozen_at)
  SELECT %(version)s, %(pk)s, 1, %(title)s, %(ask)s, %(snippet)s, %(body)s, %(body_html)s, %(format)s, id,
         %(starter)s, statement_timestamp(), statement_timestamp() FROM addressee)
INSERT INTO petitions_transition (petition_id, version_id, actor_id, at, source, target, note_to_starter, internal_note)
VALUES (%(pk)s, %(version)s, %(starter)s, statement_timestamp(), 'draft', 'submitted', '', '');
INSERT INTO petitions_tally (petition_id, signatures) VALUES (%(pk)s, 0);"""
_APPROVE = """
UPDATE petitions_petition SET state = 'published', published_at = statement_timestamp() WHERE id = %(pk)s;
UPDATE petitions_decisionmaker SET listed = true
 WHERE NOT listed AND id = (SELECT decision_maker_id FROM petitions_version WHERE id = %(version)s);
INSERT INTO petitions_transition (petition_id, version_id, actor_id, at, source, target, note_to_starter, internal_note)
VALUES (%(pk)s, %(version)s, %(moderator)s, statement_timestamp(), 'submitted', 'published', '', '');"""


def submitted(draft: Draft, *, starter: User) -> int:
    """Write a petition as if its starter, who has a name, had started and submitted it."""
    return _written(_SUBMIT, draft, starter)


def published(draft: Draft, *, starter: User, moderator: User) -> int:
    """Write a petition as if its starter, who has a name, had started and submitted it and this moderator approved it."""
    pk = _written(_SUBMIT + _APPROVE, draft, starter, moderator=moderator.pk)
    discovery.index_new([pk])
    return pk


def _written(statements: str, draft: Draft, starter: User, **more: int) -> int:
    words, version = draft.tidied(), Version()
    drafting.put_into_words(version, draft, form=Version.Format.MARKDOWN)
    with connection.cursor() as cursor:
        cursor.execute(_KEYS)
        pk, version.pk = cursor.fetchone()
        cursor.execute(
            statements,
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
                **more,
            },
        )
    return int(pk)
