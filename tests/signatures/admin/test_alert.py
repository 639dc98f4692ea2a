"""Held signatures are in the mail that tells moderators that something waits."""

from datetime import timedelta

import pytest
from django.db.models import F

from outbox import kinds
from outbox.models import Message
from petitions.models import ModeratorAlert
from petitions.services import alerting
from petitions.states import State as PetitionState
from signatures import desk
from signatures.models import Signature, State
from signatures.services import removing
from tests.petitions.emails.conftest import Mail, read


@pytest.fixture
def held(signature_of):
    """Return a maker of so many more held signatures."""

    def make(count: int) -> list[Signature]:
        number = Signature.objects.count()
        return [signature_of(f"N{number + each}", state=State.HELD) for each in range(count)]

    return make


def alerts() -> list[Mail]:
    return [read(each) for each in Message.objects.filter(kind="moderation-waiting").order_by("pk")]


def an_hour_passes() -> None:
    ModeratorAlert.objects.update(told_at=F("told_at") - timedelta(minutes=61))


def test_a_wave_of_held_signatures_is_told_of_once(bob, held):
    held(3)
    assert alerting.alert_moderators() == 1
    an_hour_passes()
    assert alerting.alert_moderators() == 0
    [told] = alerts()
    assert (told.to, told.subject) == (bob.email, "3 decisions wait for a moderator")
    assert "3 decisions wait for a moderator." in told.text
    assert "\nSignatures held for review: 3\n" in told.text
    assert "Signatures held for review: 3" in told.html.get_text()


def test_it_is_one_mail_with_petitions_and_signatures(bob, held, make_petition):
    make_petition(PetitionState.SUBMITTED)
    held(2)
    alerting.alert_moderators()
    [told] = alerts()
    assert told.subject == "3 decisions wait for a moderator"
    assert "\nPetitions to decide on: 1\nSignatures held for review: 2\n" in told.text


def test_it_tells_of_others_that_came_in_after_an_hour(bob, held):
    held(1)
    alerting.alert_moderators()
    held(1)
    assert alerting.alert_moderators() == 0
    an_hour_passes()
    assert alerting.alert_moderators() == 1
    assert alerts()[-1].subject == "2 decisions wait for a moderator"


def test_what_comes_behind_a_wave_is_no_news_until_some_of_it_is_decided(bob, held, monkeypatch):
    monkeypatch.setattr(desk, "TOLD_APART", 2)
    first, *_others = held(3)
    alerting.alert_moderators()
    assert alerts()[0].subject == "3 decisions wait for a moderator"
    held(1)
    an_hour_passes()
    assert alerting.alert_moderators() == 0
    removing.release(signature=first, by=bob)
    assert alerting.alert_moderators() == 1


def test_who_releases_is_told_and_nobody_else(bob, sam, permission, held):
    sam.user_permissions.add(permission("view_signature"))
    held(1)
    assert alerting.alert_moderators() == 1
    sam.user_permissions.add(permission("release_signature"))
    assert alerting.alert_moderators() == 1
    assert [told.to for told in alerts()] == [bob.email, sam.email]


def test_of_petitions_nobody_is_told_who_only_releases(bob, sam, permission, held, make_petition):
    sam.user_permissions.add(permission("release_signature"))
    make_petition(PetitionState.SUBMITTED)
    held(1)
    alerting.alert_moderators()
    told = {mail.to: mail.text for mail in alerts()}
    assert "Petitions to decide on: 1" in told[bob.email]
    assert "Petitions to decide on" not in told[sam.email]
    assert "1 decision waits for a moderator." in told[sam.email]


def test_it_is_not_sent_once_they_are_decided(bob, held):
    [signature] = held(1)
    alerting.alert_moderators()
    message, kind = Message.objects.get(kind="moderation-waiting"), kinds.get("moderation-waiting")
    assert kind.still_wanted(message)
    removing.release(signature=signature, by=bob)
    assert not kind.still_wanted(message)
