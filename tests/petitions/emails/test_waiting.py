import pytest

from outbox import kinds
from outbox.models import Message
from petitions import emails
from petitions.services import drafting
from petitions.states import State


def test_it_counts_with_plural_forms(bob, mail, make_petition):
    make_petition(State.SUBMITTED)
    told = mail("moderation-waiting")
    assert (told.to, told.subject) == (bob.email, "1 decision waits for a moderator")
    assert "1 decision waits for a moderator." in told.text
    assert told.button.endswith("/admin/")


def test_it_counts_many(bob, mail, make_petition, monkeypatch):
    with monkeypatch.context() as quiet:
        quiet.setattr(drafting.alerting, "alert_moderators", lambda: 0)
        make_petition(State.SUBMITTED)
    make_petition(State.SUBMITTED)
    assert mail("moderation-waiting").subject == "2 decisions wait for a moderator"


@pytest.mark.parametrize(("state", "wanted"), [(State.SUBMITTED, True), (State.PUBLISHED, False)])
def test_it_is_not_sent_when_nothing_waits_any_more(bob, make_petition, state, wanted):
    make_petition(state)
    message = Message.objects.get(kind="moderation-waiting")
    assert kinds.get("moderation-waiting").still_wanted(message) is wanted


def test_it_names_no_petition(bob, make_petition):
    make_petition(State.SUBMITTED, title="Lamps by the river")
    assert "Lamps" not in str(Message.objects.get(kind="moderation-waiting").context)


def test_every_kind_of_this_room_is_known():
    known = {kind.name for kind in kinds.registered()}
    assert {*emails.DECISIONS, "moderation-waiting"} <= known
    assert not any(kinds.get(name).bulk for name in emails.DECISIONS)
