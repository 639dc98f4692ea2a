"""What a restored database is told before anybody may use it again."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command

from outbox.models import Message, State
from petitions.models import Delta, Petition
from signatures.models import Announcement, Milestone
from signatures.services import announcing, simulating
from signatures.services.resuming import resume


@pytest.fixture
def reached(make_petition: Callable[..., Petition]) -> Petition:
    """A petition whose goal was reached by signatures that the roll-up has not seen yet."""
    petition = make_petition(first_goal=3)
    list(simulating.Crowd(petition, 5))
    assert Delta.objects.exists()
    return petition


def test_it_flags_whatever_may_have_been_sent(reached: Petition):
    found = resume()
    queued = Message.objects.queued()
    assert found.mails == queued.count() > 0
    assert not queued.filter(maybe_duplicate=False).exists()


def test_it_writes_what_was_about_to_be_written(reached: Petition):
    resume()
    assert Milestone.objects.filter(petition=reached).exists()
    assert not Announcement.objects.filter(done_at=None).exists()
    supporters = Message.objects.filter(kind="milestone-supporter")
    assert supporters.exists()
    assert set(supporters.values_list("maybe_duplicate", flat=True)) == {True}


def test_it_ends_though_one_announcement_meets_a_fault(reached: Petition, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(announcing.emails, "milestone_starter", lambda _milestone: 1 / 0)
    resume()
    assert Announcement.objects.get(done_at=None).stuck_since is not None
    monkeypatch.undo()
    resume()
    assert not Announcement.objects.filter(done_at=None).exists()


def test_it_does_no_harm_to_run_it_again(reached: Petition):
    resume()
    before = Message.objects.count()
    resume()
    assert Message.objects.count() == before


def test_it_leaves_sent_mails_alone(reached: Petition):
    resume(drop_mails=True)
    assert resume().mails == 0


def test_it_drops_mails_and_their_secrets_when_told(reached: Petition):
    call_command("after_restore", "--drop-mails", verbosity=0)
    dropped = Message.objects.filter(state=State.DROPPED)
    assert dropped.exists()
    assert not Message.objects.queued().exists()
    asked = dropped.filter(kind="confirm-signature").first()
    assert asked
    assert "" in asked.context.values()


def test_it_ends_sessions(db: None):
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store.create()
    assert resume().sessions == 1
    assert not Session.objects.exists()
