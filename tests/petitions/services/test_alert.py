from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F

from outbox.models import Message
from petitions.models import ModeratorAlert, Petition
from petitions.services import alerting, drafting, editing, moderation, objecting
from petitions.states import State
from tests.conftest import person, verdict
from tests.petitions.racing import at_once, committed


@pytest.fixture(autouse=True)
def _not_by_submitting(monkeypatch, request):
    """Let the submissions of these tests tell nobody themselves."""
    if "submits" not in request.node.name:
        monkeypatch.setattr("petitions.services.drafting.alerting.alert_moderators", lambda: 0)


alert = alerting.alert_moderators


def mails() -> list[tuple[str, int]]:
    alerts = Message.objects.filter(kind="moderation-waiting").order_by("pk")
    return [(each.to_address, each.context["waiting"]) for each in alerts]


def an_hour_passes() -> None:
    ModeratorAlert.objects.update(told_at=F("told_at") - timedelta(minutes=61))


def test_it_tells_moderators_how_many_wait(bob, carol, make_petition):
    make_petition(State.SUBMITTED)
    make_petition(State.SUBMITTED)
    assert alert() == 1
    assert mails() == [(bob.email, 2)]


def test_it_says_nothing_when_nothing_waits(bob, make_petition):
    for state in (State.DRAFT, State.PUBLISHED, State.CHANGES_REQUESTED, State.REJECTED):
        make_petition(state)
    assert alert() == 0


def test_only_who_may_decide_is_told(bob, make_petition):
    person("former@example.org", "Former").groups.set(bob.groups.all())
    person("gone@example.org", "Gone", is_staff=True, is_active=False).groups.set(bob.groups.all())
    person("writer@example.org", "Writer", is_staff=True)
    person("root@example.org", "Ruth", is_staff=True, is_superuser=True)
    make_petition(State.SUBMITTED)
    assert alert() == 2
    assert {address for address, _ in mails()} == {bob.email, "root@example.org"}


def test_it_writes_at_most_once_an_hour(bob, make_petition):
    make_petition(State.SUBMITTED)
    assert alert() == 1
    make_petition(State.SUBMITTED)
    assert alert() == 0
    an_hour_passes()
    assert alert() == 1
    assert mails() == [(bob.email, 1), (bob.email, 2)]


def test_it_does_not_repeat_itself(bob, make_petition):
    make_petition(State.SUBMITTED)
    alert()
    an_hour_passes()
    assert alert() == 0


def test_it_tells_of_one_that_was_sent_again(bob, reason, make_petition):
    petition = make_petition(State.SUBMITTED)
    alert()
    an_hour_passes()
    moderation.request_changes(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    sent(petition)
    assert alert() == 1


def test_each_moderator_has_their_own_hour(bob, make_petition):
    make_petition(State.SUBMITTED)
    alert()
    person("dora@example.org", "Dora", is_staff=True).groups.set(bob.groups.all())
    assert alert() == 1
    assert [address for address, _ in mails()] == [bob.email, "dora@example.org"]


def test_who_submits_tells_the_moderators_at_once(bob, make_submission):
    make_submission()
    make_submission()
    assert mails() == [(bob.email, 1)]


@committed
def test_many_at_once_tell_each_moderator_once(bob, make_petition):
    person("dora@example.org", "Dora", is_staff=True).groups.set(bob.groups.all())
    make_petition(State.SUBMITTED)
    assert sorted(at_once(*[alert] * 4)) == [0, 0, 0, 2]
    assert len(mails()) == 2


@committed
def test_it_passes_over_none_that_is_committed_after_the_mail(bob, carol, make_draft):
    late, early = make_draft(title="Late"), make_draft(title="Early", starter=carol)
    with transaction.atomic():
        sent(late)
        assert at_once(lambda: (sent(early), alert())[1]) == [1]
    # Sent before the mail was written, and to be seen only now.
    assert Petition.objects.waiting().first() == late
    an_hour_passes()
    assert alert() == 1
    assert mails()[-1] == (bob.email, 2)


def sent(petition: Petition) -> None:
    drafting.submit(petition=petition, starter=petition.starter)


def test_it_takes_few_queries_however_many_moderators(bob, make_petition, django_assert_max_num_queries):
    for number in range(5):
        person(f"m{number}@example.org", "M", is_staff=True).groups.set(bob.groups.all())
    make_petition(State.SUBMITTED)
    with django_assert_max_num_queries(4 + 6 * 3, connection=connection):
        assert alert() == 6


def test_an_edit_waits_for_every_moderator_and_an_objection_for_seniors(alice, bob, sue, make_petition):
    words = drafting.draft_of(published := make_petition())
    editing.propose(petition=published, starter=alice, draft=replace(words, title="Another title"))
    refused = make_petition(State.REJECTED, title="Another one")
    objecting.object_to(petition=refused, author=alice, text="The third sentence says what we ask for.")
    assert alert() == 2
    assert set(mails()) == {(bob.email, 1), (sue.email, 2)}


def test_a_petition_that_came_in_twice_waits_once(bob, reason, make_petition):
    petition = make_petition(State.SUBMITTED)
    moderation.request_changes(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    sent(petition)
    alert()
    assert mails() == [(bob.email, 1)]
