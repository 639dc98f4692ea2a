"""Telling moderators that something waits, at most once an hour each."""

from datetime import datetime

from django.contrib.auth.backends import ModelBackend
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import User
from petitions import emails
from petitions.models import Petition, Transition
from petitions.states import State

# One statement decides who hears now: those who have not heard for an hour and not of all of these submissions.
# It goes by the submissions themselves, not by a time: one that was sent before the last mail and committed
# after it would be older than that mail and never be told. Whoever comes second waits here and finds it done.
_TELL = """
INSERT INTO petitions_moderatoralert AS last (person_id, told_at, submissions)
SELECT person_id, statement_timestamp(), %s::bigint[] FROM unnest(%s::bigint[]) AS person_id ORDER BY person_id
ON CONFLICT (person_id) DO UPDATE SET told_at = excluded.told_at, submissions = excluded.submissions
  WHERE last.told_at <= excluded.told_at - interval '1 hour' AND NOT excluded.submissions <@ last.submissions
RETURNING person_id, told_at
"""


@transaction.atomic
def alert_moderators() -> int:
    """Mail those moderators who have not heard for an hour of what came in since; return how many were mailed."""
    submissions = _waiting_submissions()
    if not submissions:
        return 0
    people = {person.pk: person for person in moderators()}
    waiting = Petition.objects.waiting().count()
    told = _due(submissions, list(people))
    for pk, at in told:
        emails.moderation_waiting(people[pk], waiting=waiting, at=at)
    return len(told)


def moderators() -> QuerySet[User]:
    """Return everybody who may decide on petitions."""
    return ModelBackend().with_perm("petitions.moderate_petition").filter(is_staff=True)


def _waiting_submissions() -> list[int]:
    sent = Transition.objects.filter(target=State.SUBMITTED, petition__state=State.SUBMITTED)
    return list(sent.order_by("pk").values_list("pk", flat=True))


def _due(submissions: list[int], people: list[int]) -> list[tuple[int, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [submissions, people])
        return list(cursor.fetchall())
