"""Who is told of a milestone, in chunks that can stop and go on anywhere."""

from datetime import timedelta

import pytest
from django.db.models import F

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
    with pytest.raises(ZeroDivisionError):
        announcing.announce_due(chunks=1)
    assert len(told()) == 2
    monkeypatch.setattr(announcing, "_go_on", real)
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


def test_the_older_one_goes_first(petition, crowd, milestone):
    later = Milestone.objects.create(petition=petition, threshold=7, signatures=7)
    Announcement.objects.create(milestone=later)
    announcing.announce_due(chunks=1)
    assert {mail.context["milestone"] for mail in mails("milestone-supporter")} == {milestone.pk}
