"""No side is preferred: lists say their order, and equals draw lots every day."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

from django.core.management import call_command
from django.db import connection

from petitions.expressions import GoalShare
from petitions.goals import LADDER, goal_for
from petitions.models import Petition, Tally
from petitions.states import State
from tests.conftest import person


def by_lot(pks, day):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pk FROM unnest(%s::bigint[]) AS pk ORDER BY hashint8extended(pk, %s)",
            [pks, (day - date(2000, 1, 1)).days],
        )
        return [row[0] for row in cursor.fetchall()]


def several(make_petition, number):
    starters = [person(f"s{i}@example.org", "Eva") for i in range(number)]
    return [make_petition(starter=starter).pk for starter in starters]


def test_what_was_published_at_one_instant_stands_by_the_lot_of_the_day(make_petition):
    pks = several(make_petition, 8)
    Petition.objects.update(published_at=datetime(2026, 11, 1, tzinfo=UTC))
    listed = list(Petition.objects.newest().values_list("pk", flat=True))
    assert listed == by_lot(pks, datetime.now(tz=UTC).date())


def test_what_as_many_have_signed_stands_by_the_lot_of_the_day(make_petition):
    pks = several(make_petition, 8)
    listed = list(Petition.objects.most_signed().values_list("pk", flat=True))
    assert listed == by_lot(pks, datetime.now(tz=UTC).date())


def test_one_import_is_one_instant(db):
    call_command("import_seeds", "seeds", stdout=StringIO())
    published = Petition.objects.filter(state=State.PUBLISHED)
    assert published.count() > 2
    assert len(set(published.values_list("published_at", flat=True))) == 1


def test_of_two_each_leads_on_about_half_of_the_days(db):
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(1000)]
    first = sum(by_lot([41, 42], day)[0] == 41 for day in days)
    assert 450 < first < 550


def test_the_database_derives_the_same_goals_and_copies_the_first_one(make_petition):
    petition = make_petition()
    for first_goal in (1, 7, 100, 120, 10_000_000):
        Petition.objects.update(first_goal=first_goal)
        for count in sorted(
            {0, 1, 99, first_goal - 1, first_goal, *LADDER, LADDER[-1] - 1, 7_499_999, 7_500_000}
        ):
            Tally.objects.update(signatures=count)
            assert share_of_goal(petition) == count / goal_for(count, first_goal)


def share_of_goal(petition):
    share = GoalShare("tally__signatures", "tally__first_goal")
    return Petition.objects.values_list(share, flat=True).get(pk=petition.pk)
