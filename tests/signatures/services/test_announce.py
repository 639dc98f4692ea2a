"""Who is told of a milestone, in chunks that can stop and go on anywhere."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.models import F

from lib import clock, health
from outbox.models import Message
from petitions.models import Tally
from signatures import emails
from signatures.models import Announcement, Milestone, Signature
from signatures.services import announcing, choosing, withdrawing
from signatures.tasks import announce as task
from tests.conftest import person
from tests.signatures import moderating
from tests.signatures.counts import mails, only

BOTH = ["milestone-starter", "milestone-supporter"]


@pytest.fixture
def crowd(petition, sign):
    """Return seven supporters, of whom all but the last want mails."""
    people = [person(f"person-{number}@example.org", f"Person {number}") for number in range(7)]
    for user in people:
        sign(user, updates=user != people[-1])
    return people


@pytest.fixture
def milestone(petition):
    Tally.objects.update(signatures=7)
    reached = Milestone.objects.create(petition=petition, threshold=5, signatures=7)
    Announcement.objects.create(milestone=reached)
    return reached


def told():
    return {mail.to_address for mail in mails("milestone-supporter")}


def a_minute_passes():
    Announcement.objects.update(due_at=F("due_at") - timedelta(seconds=61))


def test_starter_and_supporters_are_told(alice, crowd, milestone):
    assert announcing.announce_due() == 6
    assert told() == {user.email for user in crowd[:-1]}
    assert [mail.to_address for mail in mails("milestone-starter")] == [alice.email]


def test_the_values_are_those_of_the_moment(petition, alice, crowd, milestone):
    task()
    (mail,) = mails("milestone-starter")
    values = mail.context
    assert (values["threshold"], values["signatures"], values["goal"]) == (5, 7, 100)
    assert (values["title"], values["name"]) == (petition.title, alice.name)
    supporter = mails("milestone-supporter")[0].context
    assert "/signatures/withdraw/" in supporter["withdraw_url"]
    assert supporter["milestone"] == milestone.pk


def test_it_goes_through_the_list_twice(crowd, milestone, sign, carol):
    announcing.announce_due()
    sign(carol, updates=True)
    assert announcing.announce_due() == 0
    a_minute_passes()
    assert announcing.announce_due() == 1
    assert carol.email in told()
    assert Announcement.objects.get().done_at is not None


def test_nobody_is_told_twice_however_often_it_runs(crowd, milestone):
    for _ in range(5):
        announcing.announce_due()
        a_minute_passes()
    Announcement.objects.update(round=1, cursor=0, done_at=None)
    announcing.announce_due()
    assert (len(mails("milestone-supporter")), len(mails("milestone-starter"))) == (6, 1)


def test_it_stops_and_goes_on_anywhere(crowd, milestone, monkeypatch):
    monkeypatch.setattr(announcing, "CHUNK", 2)
    steps = [announcing.announce_due(chunks=1) for _ in range(5)]
    assert (steps, len(told())) == ([2, 2, 2, 0, 0], 6)
    assert Announcement.objects.get().round == 2


def test_a_chunk_that_fails_leaves_no_trace(crowd, milestone, monkeypatch):
    monkeypatch.setattr(announcing, "CHUNK", 2)
    announcing.announce_due(chunks=1)
    real = announcing._go_on
    monkeypatch.setattr(announcing, "_go_on", lambda *_: 1 / 0)
    assert announcing.announce_due(chunks=1) == 0
    assert len(told()) == 2
    monkeypatch.setattr(announcing, "_go_on", real)
    a_minute_passes()
    announcing.announce_due()
    assert len(told()) == 6


def test_the_starter_who_signed_gets_one_mail(petition, alice, sign, milestone):
    sign(alice, updates=True)
    announcing.announce_due()
    assert list(Message.objects.filter(kind__in=BOTH).values_list("kind", "to_address")) == [
        ("milestone-starter", alice.email)
    ]


@pytest.mark.parametrize("leave", [withdrawing.withdraw, moderating.remove, choosing.unsubscribe])
def test_who_has_left_is_not_told(petition, carol, sign, milestone, leave):
    sign(carol, updates=True)
    leave(signature=only(petition))
    assert announcing.announce_due() == 0


@pytest.mark.parametrize("leave", [withdrawing.withdraw, moderating.remove, choosing.unsubscribe])
def test_it_is_asked_again_when_the_mail_leaves(petition, carol, sign, milestone, leave):
    sign(carol, updates=True)
    announcing.announce_due()
    (mail,) = mails("milestone-supporter")
    assert emails.still_wanted(mail) is True
    leave(signature=only(petition))
    assert emails.still_wanted(mail) is False


def test_nobody_is_told_of_what_was_taken_down(petition, carol, sign, milestone):
    sign(carol, updates=True)
    announcing.announce_due()
    petition.__class__.objects.update(state="removed")
    assert emails.still_wanted(mails("milestone-supporter")[0]) is False


def test_a_seed_has_supporters_and_no_starter(petition, carol, sign, milestone):
    petition.__class__.objects.update(starter=None)
    sign(carol, updates=True)
    announcing.announce_due()
    assert (told(), mails("milestone-starter")) == ({carol.email}, [])


def test_a_deactivated_starter_is_not_told(petition, alice, milestone):
    alice.__class__.objects.filter(pk=alice.pk).update(is_active=False)
    announcing.announce_due()
    assert mails("milestone-starter") == []


def test_a_link_to_confirm_is_asked_again_too(petition, ask, confirm):
    ask("dora@example.org")
    (mail,) = mails("confirm-signature")
    assert emails.still_unconfirmed(mail) is True
    confirm(only(petition))
    assert emails.still_unconfirmed(mail) is False
    Signature.objects.all().delete()
    assert emails.still_unconfirmed(mail) is False


def test_links_to_confirm_are_asked_about_together(petition, ask, confirm, django_assert_num_queries):
    ask("dora@example.org")
    confirm(only(petition))
    ask("emil@example.org")
    ask("fay@example.org")
    _dora, emil, fay = written = mails("confirm-signature")
    with django_assert_num_queries(1):
        assert emails.unconfirmed_among(written) == {emil.pk, fay.pk}


def test_the_older_one_goes_first(petition, crowd, milestone):
    later = Milestone.objects.create(petition=petition, threshold=7, signatures=7)
    Announcement.objects.create(milestone=later)
    announcing.announce_due(chunks=1)
    assert {mail.context["milestone"] for mail in mails("milestone-supporter")} == {milestone.pk}


@pytest.fixture
def sick(make_petition, milestone, carol, sign):
    """Return the announcement of another petition, due before the first one's."""
    petition = make_petition(title="Benches for Mill Lane")
    sign(carol, petition=petition, updates=True)
    Tally.objects.filter(petition=petition).update(signatures=5)
    reached = Milestone.objects.create(petition=petition, threshold=5, signatures=5)
    announcement = Announcement.objects.create(milestone=reached)
    Announcement.objects.filter(pk=announcement.pk).update(due_at=F("due_at") - timedelta(minutes=2))
    return announcement


@pytest.fixture
def only_the_others_work(sick, monkeypatch):
    """Let no mail be made for it, and return a way to mend that."""
    real = emails.milestone_supporters

    def write(milestone, supporters):
        if milestone == sick.milestone:
            raise LookupError(supporters[0].email)
        return real(milestone, supporters)

    monkeypatch.setattr(emails, "milestone_supporters", write)
    return lambda: monkeypatch.setattr(emails, "milestone_supporters", real)


def test_one_that_meets_a_fault_lets_the_others_go_on(crowd, sick, only_the_others_work, caplog):
    assert announcing.announce_due() == 6
    assert {mail.context["milestone"] for mail in Message.objects.filter(kind__in=BOTH)} != {
        sick.milestone_id
    }
    assert not Message.objects.filter(context__milestone=sick.milestone_id).exists()
    [line] = [record.getMessage() for record in caplog.records if "announcement" in record.getMessage()]
    assert line.startswith(
        f"announcement {sick.pk} can’t go on and is put off: LookupError at test_announce.py:"
    )


def test_it_is_put_off_for_longer_each_time_and_goes_on_once_mended(sick, only_the_others_work, carol):
    waits = []
    for _ in range(2):
        announcing.announce_due()
        row = Announcement.objects.get(pk=sick.pk)
        waits.append(row.due_at - clock.now())
        assert row.stuck_since < row.due_at
        Announcement.objects.filter(pk=sick.pk).update(
            due_at=F("due_at") - timedelta(hours=1), stuck_since=F("stuck_since") - timedelta(minutes=20)
        )
    assert timedelta(minutes=2) < waits[0] < timedelta(minutes=5)
    assert timedelta(minutes=20) < waits[1] <= timedelta(hours=1)
    only_the_others_work()
    announcing.announce_due()
    assert carol.email in told()
    assert Announcement.objects.get(pk=sick.pk).stuck_since is None


def test_an_outage_is_no_fault_of_it(milestone, monkeypatch):
    def away(*_):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(announcing, "_write_chunk", away)
    before = Announcement.objects.get().due_at
    with pytest.raises(OperationalError):
        announcing.announce_due()
    assert (Announcement.objects.get().due_at, Announcement.objects.get().stuck_since) == (before, None)


def test_readiness_tells_how_long_one_has_not_gone_on(sick, only_the_others_work):
    announcing.announce_due()
    reading = health.read()["announcements"]
    assert (reading.ok, reading.essential, reading.figures["stuck"]) == (True, False, 1)
    assert 120 <= reading.figures["lag_seconds"] < 600
    Announcement.objects.filter(pk=sick.pk).update(stuck_since=F("stuck_since") - timedelta(minutes=10))
    assert not health.read()["announcements"].ok


def test_readiness_is_calm_when_all_is_told(crowd, milestone):
    announcing.announce_due()
    calm = health.Reading(ok=True, figures={"lag_seconds": 0, "stuck": 0})
    assert health.read()["announcements"] == calm
