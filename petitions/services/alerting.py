"""Telling moderators that something waits, at most once an hour each."""

from datetime import datetime
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import User
from petitions import emails
from petitions.models import Edit, Objection, Transition
from petitions.states import State

# What can wait for a decision; a row's number is made of its key and its kind.
_SUBMISSION, _EDIT, _OBJECTION = range(3)
_KINDS = 3

# One statement decides who hears now: those who have not heard for an hour and not of all of these things.
# It goes by the things themselves, not by a time: one that was sent before the last mail and committed
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
    """Mail those who have not heard for an hour of what came in since and is theirs to decide; return how many."""
    theirs = _submissions() + _numbers(Edit.objects.waiting(), _EDIT)
    everything = theirs + _numbers(Objection.objects.waiting(), _OBJECTION)
    seniors = {person.pk: person for person in staff_with("petitions.uphold_objection")}
    others = {pk: person for pk, person in _deciders().items() if pk not in seniors}
    return _tell(everything, seniors) + _tell(theirs, others)


def staff_with(permission: str) -> QuerySet[User]:
    """Return the staff who hold this permission, by a group or as administrators."""
    return ModelBackend().with_perm(permission).filter(is_staff=True)


def _deciders() -> dict[int, User]:
    return {person.pk: person for person in staff_with("petitions.moderate_petition")}


def _submissions() -> list[int]:
    sent = Transition.objects.filter(target=State.SUBMITTED, petition__state=State.SUBMITTED)
    # A petition that came in twice waits once: its latest submission stands for it.
    latest = sent.order_by("petition", "-pk").distinct("petition")
    return _numbers(latest, _SUBMISSION)


def _numbers(rows: QuerySet[Any], kind: int) -> list[int]:
    """Return numbers that tell these rows from those of other kinds."""
    return sorted(pk * _KINDS + kind for pk in rows.values_list("pk", flat=True))


def _tell(things: list[int], people: dict[int, User]) -> int:
    if not things or not people:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [things, list(people)])
        told: list[tuple[int, datetime]] = cursor.fetchall()
    for pk, at in told:
        emails.moderation_waiting(people[pk], waiting=len(things), at=at)
    return len(told)
