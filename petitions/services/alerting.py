"""Telling moderators that something waits, at most once an hour each."""

from collections import defaultdict
from datetime import datetime
from hashlib import blake2b

from django.contrib.auth.backends import ModelBackend
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import User
from lib import desk
from lib.desk import News
from petitions import emails

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
    waiting = desk.news()
    told = {name: news for name, _permission, news in waiting}
    readers = _readers({name: permission for name, permission, _news in waiting})
    return sum(_tell({name: told[name] for name in names}, people) for names, people in readers)


def staff_with(permission: str) -> QuerySet[User]:
    """Return the staff who hold this permission, by a group or as administrators."""
    return ModelBackend().with_perm(permission).filter(is_staff=True)


def _readers(permissions: dict[str, str]) -> list[tuple[tuple[str, ...], list[User]]]:
    """Return who decides on the same of these lists; in one order, so that two tellers wait for each other once."""
    holders = {each: list(staff_with(each)) for each in {*permissions.values()}}
    theirs: dict[User, list[str]] = defaultdict(list)
    for name, permission in permissions.items():
        for person in holders[permission]:
            theirs[person].append(name)
    together: dict[tuple[str, ...], list[User]] = defaultdict(list)
    for person, names in theirs.items():
        together[tuple(names)].append(person)
    return sorted(together.items())


def _tell(lists: dict[str, News], people: list[User]) -> int:
    things = sorted(_number(name, row) for name, news in lists.items() for row in news.rows)
    by_number = {person.pk: person for person in people}
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [things, list(by_number)])
        told: list[tuple[int, datetime]] = cursor.fetchall()
    for pk, at in told:
        emails.moderation_waiting(by_number[pk], lists=list(lists.values()), at=at)
    return len(told)


def _number(name: str, row: int) -> int:
    """Return a number that tells this row from those of every other list, whichever lists there are."""
    return int.from_bytes(blake2b(f"{name} {row}".encode(), digest_size=8).digest(), signed=True)
