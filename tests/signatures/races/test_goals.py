"""Petitions race past several goals in one burst: each is recorded once, and each person told once of the highest."""

from collections import Counter
from datetime import timedelta

from django.db.models import F

from outbox.models import Message
from signatures.models import Announcement, Milestone
from signatures.rollup import roll_up
from tests.petitions.racing import committed
from tests.signatures.counts import breaches, shown
from tests.signatures.races.processes import Job


def burst(crew, petitions, people):
    numbers = [petition.pk for petition in petitions]
    jobs = [Job("sign", {"petitions": numbers, "people": people[n::32]}) for n in range(32)]
    assert {outcome for outcomes in crew.run(jobs) for outcome in outcomes} == {"signed"}


def announce(crew):
    """Let many work it off at once, in both rounds."""
    for _round in range(2):
        assert all(isinstance(written, int) for written in crew.run([Job("announce", {}) for _ in range(8)]))
        Announcement.objects.update(due_at=F("due_at") - timedelta(minutes=2))


def goals(petition):
    return list(petition.milestones.order_by("threshold").values_list("threshold", flat=True))


def announced(petition):
    rows = Announcement.objects.filter(milestone__petition=petition, done_at__isnull=False)
    return list(rows.order_by("pk").values_list("milestone__threshold", flat=True))


@committed
def test_each_goal_is_recorded_once_and_the_highest_announced(crew, make_petition, people):
    petitions = [
        make_petition(title=f"Plant {goal} trees", first_goal=goal, starter_name="Alice")
        for goal in (25, 50, 100)
    ]
    everybody = people(220)
    burst(crew, petitions, everybody[:110])
    assert Counter(crew.run([Job("roll", {"times": 3}) for _ in range(8)]))[3] == 1
    assert [goals(petition) for petition in petitions] == [[25, 100], [50, 100], [100]]
    announce(crew)
    assert [announced(petition) for petition in petitions] == [[100]] * 3
    burst(crew, petitions, everybody[110:])
    roll_up()
    announce(crew)
    assert [announced(petition) for petition in petitions] == [[100, 200]] * 3
    told = Counter(
        Message.objects.filter(kind="milestone-supporter").values_list("context__milestone", flat=True)
    )
    sizes = {milestone.pk: 110 * (milestone.threshold // 100) for milestone in Milestone.objects.all()}
    assert told == {
        pk: size for pk, size in sizes.items() if Announcement.objects.filter(milestone=pk).exists()
    }
    assert Message.objects.filter(kind="milestone-starter").count() == 6
    assert {shown(petition) for petition in petitions} == {220}
    assert breaches() == {}
