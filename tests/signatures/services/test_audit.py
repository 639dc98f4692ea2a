"""The promises of this room, and what breaks them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from lib import health
from outbox.models import Message
from petitions.models import Delta, Petition, Seed, Tally
from signatures.models import Announcement, Milestone, Removal, RemovedCount, Signature, State
from signatures.rollup import roll_up
from signatures.services import announcing, choosing, withdrawing
from tests.conftest import person
from tests.promises import breaches_of
from tests.signatures import moderating
from tests.signatures.counts import breaches, only


def without(constraint):
    """Break a promise that the database itself keeps."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE signatures_signature DROP CONSTRAINT {constraint}")


def all_mails_are_written():
    for _ in range(2):
        announcing.announce_due()
        Announcement.objects.update(due_at=F("due_at") - timedelta(minutes=2))


@pytest.fixture
def reached(make_petition, carol, mallory, sign):
    """Return a petition that has reached its goal of two, with all mails written."""
    petition = make_petition(first_goal=2)
    sign(carol, petition=petition, updates=True)
    sign(mallory, petition=petition)
    roll_up()
    all_mails_are_written()
    return petition


def test_it_finds_nothing_wrong_with_any_way(petition, reached, ask, confirm, sign):
    for number, suspicion in enumerate(["", "haste", "haste", ""]):
        ask(f"person-{number}@example.org", suspicion=suspicion)
    rows = list(Signature.objects.filter(petition=petition).order_by("pk"))
    for row in rows[:3]:
        confirm(row)
    moderating.release(signature=rows[1])
    moderating.remove(signature=rows[2])
    sign(rows[0].petition.starter)
    withdrawing.withdraw(signature=rows[0])
    roll_up()
    assert breaches() == {}


def test_it_finds_a_lost_change(petition, carol, sign):
    sign(carol)
    Delta.objects.all().delete()
    assert breaches_of("tally and open changes") == [f"petition {petition.pk} shows 0, a recount finds 1"]


def test_it_finds_a_changed_tally(petition):
    Tally.objects.update(signatures=3)
    assert breaches_of("tally and open changes") == [f"petition {petition.pk} shows 3, a recount finds 0"]


def test_it_finds_two_of_one_mailbox(petition, carol, sign):
    sign(carol)
    without("signature_once_per_identity")
    row = only(petition)
    row.pk, row.user = None, person("other@example.org", "Other")
    row.save()
    assert breaches_of("one for each") == [f"petition {petition.pk} has 2 signatures of one mailbox"]


def test_it_finds_two_of_one_account(petition, carol, sign):
    sign(carol)
    without("signature_once_per_account")
    row = only(petition)
    row.pk, row.identity_hash = None, b"x" * 32
    row.save()
    assert breaches_of("one for each") == [f"petition {petition.pk} has 2 signatures of one account"]


def test_it_finds_a_state_without_its_proof(petition, ask):
    ask("dora@example.org")
    Signature.objects.update(state=State.HELD)
    assert breaches_of("each state") == [f"signature {only(petition).pk} can’t be held as it is"]


def test_it_finds_what_came_after_the_end(petition, carol, sign):
    sign(carol)
    Petition.objects.filter(pk=petition.pk).update(state="closed", closed_at=Now() - timedelta(hours=1))
    assert breaches_of("after the end") == [
        f"signature {only(petition).pk} came after the end of petition {petition.pk}"
    ]


def test_it_finds_a_milestone_that_is_no_goal(reached):
    Milestone.objects.create(petition=reached, threshold=3, signatures=4)
    assert "3 is no goal of it at 4" in breaches_of("each was reached")[0]


def test_it_finds_a_goal_without_a_milestone(reached):
    Announcement.objects.all().delete()
    Milestone.objects.all().delete()
    assert breaches_of("each goal") == [f"petition {reached.pk} has 2 signatures and no milestone at 2"]


def test_it_finds_two_mails_to_one_mailbox(reached):
    mail = Message.objects.get(kind="milestone-supporter")
    mail.pk, mail.dedupe_key, mail.to_address = None, "another", mail.to_address.upper()
    mail.save()
    assert breaches_of("two mails") == [f"milestone {mail.context['milestone']} has 2 mails to one mailbox"]


def test_it_finds_who_was_forgotten(reached):
    Message.objects.filter(kind="milestone-supporter").delete()
    row = Signature.objects.get(updates=True)
    assert breaches_of("everyone who") == [
        f"milestone {Milestone.objects.get().pk}: signature {row.pk} wanted a mail and has none"
    ]


def test_it_finds_a_starter_who_was_forgotten(reached):
    assert breaches_of("the starter has") == []
    Message.objects.filter(kind="milestone-starter").delete()
    assert breaches_of("the starter has") == [
        f"milestone {Milestone.objects.get().pk} of petition {reached.pk}: the starter has no mail"
    ]


@pytest.mark.parametrize("why", ["not done", "deactivated", "long ago", "imported and handed over"])
def test_it_forgets_no_starter_who_was_not_to_be_told(reached, alice, why):
    Message.objects.filter(kind="milestone-starter").delete()
    if why == "not done":
        Announcement.objects.update(done_at=None)
    elif why == "deactivated":
        alice.__class__.objects.filter(pk=alice.pk).update(is_active=False)
    elif why == "long ago":
        Announcement.objects.update(done_at=Now() - timedelta(days=8))
    else:
        Seed.objects.create(petition=reached, key="mill-lane", shape="markdown", source="mill-lane.md")
    assert breaches_of("the starter has") == []


def test_it_finds_an_announcement_that_is_stuck(reached):
    Announcement.objects.update(done_at=None, due_at=Now() - timedelta(minutes=9))
    assert breaches_of("announcement is stuck") == []
    Announcement.objects.update(
        stuck_since=Now() - timedelta(minutes=11), due_at=Now() + timedelta(minutes=9)
    )
    (said,) = breaches_of("announcement is stuck")
    row = Announcement.objects.get()
    assert said.startswith(
        f"announcement {row.pk} (milestone {row.milestone_id} of petition {reached.pk}) has been"
    )


@pytest.mark.parametrize("why", ["not done", "chose later", "withdrew", "put back", "starter"])
def test_it_forgets_nobody_who_was_not_to_be_told(reached, alice, why):
    Message.objects.filter(kind="milestone-supporter").delete()
    row = Signature.objects.get(updates=True)
    if why == "not done":
        Announcement.objects.update(done_at=None)
    elif why == "chose later":
        for updates in (False, True):
            choosing.choose(signature=row, reason="", public=False, updates=updates)
    elif why == "withdrew":
        withdrawing.withdraw(signature=row)
    elif why == "put back":
        moderating.remove(signature=row)
        moderating.undo_removal(signature=row)
    else:
        Signature.objects.filter(pk=row.pk).update(user=alice)
    assert breaches_of("everyone who") == []


def test_readiness_tells_how_far_the_roll_up_is_behind(petition, carol, sign):
    assert health.read()["roll-up"].figures == {"lag_seconds": 0, "open_changes": 0}
    sign(carol)
    Delta.objects.update(at=Now() - timedelta(seconds=14))
    reading = health.read()["roll-up"]
    assert (reading.ok, reading.figures) == (True, {"lag_seconds": 14, "open_changes": 1})
    Delta.objects.update(at=Now() - timedelta(seconds=16))
    assert (health.read()["roll-up"].ok, health.read()["roll-up"].essential) == (False, False)


@pytest.fixture
def removed(petition, carol, sign):
    """Return the removal of a petition’s one signature."""
    sign(carol)
    moderating.remove(only(petition))
    return Removal.objects.get()


def test_it_finds_a_removal_that_says_too_much(removed):
    assert breaches() == {}
    Removal.objects.update(taken=3)
    assert breaches_of("each has taken") == [f"removal {removed.pk} says 3, a recount finds 1"]


def test_it_finds_a_wrong_public_number(petition, removed):
    RemovedCount.objects.update(signatures=2)
    assert breaches_of("public numbers") == [f"petition {petition.pk} tells of 2 made-up, a recount finds 1"]
    RemovedCount.objects.all().delete()
    assert breaches_of("public numbers") == [f"petition {petition.pk} tells of 0 made-up, a recount finds 1"]


def test_it_finds_a_removed_one_without_its_removal(petition, removed):
    without("signature_removed_knows_by_what")
    Signature.objects.update(removal=None)
    assert breaches_of("belongs to it") == [f"signature {only(petition).pk} can’t be removed as it is"]
