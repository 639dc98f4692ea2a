from outbox import kinds
from outbox.models import Message
from petitions import emails
from petitions.services import drafting, moderation
from tests.conftest import verdict


def test_it_counts_with_plural_forms(bob, mail, make_submission):
    make_submission()
    told = mail("moderation-waiting")
    assert (told.to, told.subject) == (bob.email, "1 decision waits for a moderator")
    assert "1 decision waits for a moderator." in told.text
    assert told.button.endswith("/admin/")


def test_it_counts_many(bob, mail, make_submission, monkeypatch):
    with monkeypatch.context() as quiet:
        quiet.setattr(drafting.alerting, "alert_moderators", lambda: 0)
        make_submission()
    make_submission()
    assert mail("moderation-waiting").subject == "2 decisions wait for a moderator"


def test_it_is_not_sent_when_nothing_waits_any_more(bob, make_submission):
    petition = make_submission()
    message, kind = Message.objects.get(kind="moderation-waiting"), kinds.get("moderation-waiting")
    assert kind.still_wanted(message)
    moderation.approve(petition=petition, verdict=verdict(petition, bob))
    assert not kind.still_wanted(message)


def test_it_names_no_petition(bob, make_submission):
    make_submission(title="Lamps by the river")
    assert "Lamps" not in str(Message.objects.get(kind="moderation-waiting").context)


def test_every_kind_of_this_room_is_known():
    known = {kind.name for kind in kinds.registered()}
    assert {*emails.DECISIONS, "moderation-waiting"} <= known
    assert not any(kinds.get(name).bulk for name in emails.DECISIONS)
