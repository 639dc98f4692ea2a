"""What the starter reads after objecting, proposing, and when a petition comes back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib import clock
from outbox.models import Message
from petitions import emails
from petitions.models import Petition, Reason
from petitions.services import drafting, editing, handover, moderation, objecting
from petitions.states import State
from tests.conftest import verdict
from tests.petitions.admin.conftest import imported
from tests.petitions.emails.conftest import read

TITLE = "Lamps & <benches> for “us”"
NOTE = "You are right.\n\n<Sorry>!"


@pytest.fixture
def objected(make_petition, alice):
    """Return how Alice objects to the refusal of her petition."""

    def make(state):
        petition = make_petition(state, title=TITLE)
        return objecting.object_to(petition=petition, author=alice, text="It fits the rules as they are.")

    return make


@pytest.fixture
def proposed(make_petition, alice):
    petition = make_petition(title=TITLE)
    words = replace(drafting.draft_of(petition), title="Another title")
    return editing.propose(petition=petition, starter=alice, draft=words)


@pytest.mark.parametrize("state", [State.REJECTED, State.REMOVED])
def test_an_objection_has_its_receipt(mail, objected, state):
    petition = objected(state).petition
    receipt = mail("petition-objection-received")
    assert (receipt.to, receipt.subject) == ("alice@example.org", f"Your objection has arrived: {TITLE}")
    assert "did not take the decision" in receipt.text
    assert receipt.button.endswith(petition.get_manage_url())


@pytest.mark.parametrize(
    ("state", "says"), [(State.REJECTED, "in the queue again"), (State.REMOVED, "can be signed again")]
)
def test_an_upheld_one_says_what_follows(mail, objected, sue, state, says):
    objecting.uphold(objection=objected(state), senior=sue, note=NOTE)
    told = mail("petition-objection-upheld")
    assert says in told.text
    assert says in told.html.text
    assert NOTE in told.text
    assert "Sue" not in told.text


@pytest.mark.parametrize(
    ("state", "says"), [(State.REJECTED, "stays rejected"), (State.REMOVED, "stays taken down")]
)
def test_a_dismissed_one_says_that_it_is_the_last_word(mail, objected, sue, state, says):
    objecting.dismiss(objection=objected(state), senior=sue, note=NOTE)
    told = mail("petition-objection-dismissed")
    assert says in told.text
    assert "last word" in told.html.text
    assert NOTE in told.text


def test_an_accepted_wording_brings_the_address(mail, proposed, bob):
    editing.accept(edit=proposed, moderator=bob)
    told = mail("petition-edit-accepted")
    assert told.html.h1.text == "Another title"
    assert told.button.endswith(proposed.petition.get_absolute_url())


def test_a_declined_wording_says_why(mail, proposed, bob):
    editing.decline(edit=proposed, moderator=bob, note=NOTE)
    told = mail("petition-edit-declined")
    assert told.html.h1.text == TITLE
    assert NOTE in told.text


@pytest.mark.parametrize(
    ("days", "says"),
    [(None, "can be signed again"), (9, "can be signed until"), (-1, "can’t be signed any more")],
)
def test_one_that_comes_back_says_whether_it_can_be_signed(mail, make_petition, bob, days, says):
    petition = make_petition(State.REMOVED, title=TITLE)
    ends = days and clock.now() + timedelta(days=days)
    Petition.objects.filter(pk=petition.pk).update(closes_at=ends)
    moderation.restore(petition=petition, verdict=verdict(petition, bob))
    told = mail("petition-restored")
    assert says in told.text
    assert told.button.endswith(petition.get_absolute_url())


@pytest.mark.parametrize("state", [State.REJECTED, State.REMOVED])
def test_a_refusal_says_until_when_it_can_be_objected_to(mail, make_petition, state):
    make_petition(state, title=TITLE)
    told = mail(f"petition-{state}")
    assert "you can object once, until " in told.text
    assert "you can object once, until ;" not in told.text


def test_a_duplicate_leads_to_the_other(mail, make_petition, bob, settings):
    other, petition = make_petition(), make_petition(State.SUBMITTED, title=TITLE)
    said = verdict(petition, bob, reasons=Reason.objects.filter(code="duplicate"))
    moderation.reject(petition=petition, verdict=said, duplicate_of=other)
    told = mail("petition-rejected")
    assert f"{other.title}\n{settings.SITE_URL}{other.get_absolute_url()}\n" in told.text
    assert other.title in told.html.text


def test_their_text_parts_have_no_gaps_and_no_markup(objected, proposed, sue, bob):
    objecting.uphold(objection=objected(State.REJECTED), senior=sue)
    objecting.uphold(objection=objected(State.REMOVED), senior=sue, note="Word.")
    objecting.dismiss(objection=objected(State.REMOVED), senior=sue, note="Word.")
    editing.accept(edit=proposed, moderator=bob, note="Word.")
    for message in Message.objects.filter(kind__in=emails.DECISIONS):
        text = read(message).text
        assert "\n\n\n" not in text
        assert "&amp;" not in text
        assert "{" not in text


@pytest.mark.parametrize(
    ("state", "says"),
    [(State.PUBLISHED, "Everybody can read it:"), (State.SUBMITTED, "A moderator reads it next")],
)
def test_a_member_who_is_given_a_petition_is_told_so(mail, admin_person, carol, state, says):
    petition = imported(title=TITLE, state=state)
    handover.hand_over(petition=petition, member=carol, verdict=verdict(petition, admin_person))
    told = mail("petition-handed-over")
    assert (told.to, told.subject) == (carol.email, f"Yours now: {TITLE}")
    for part in ("you are its starter now", says, "If it is not yours to have, write to"):
        assert part in told.text
        assert part in told.html.text
    assert "Ruth" not in told.text
    assert told.button.endswith(petition.get_manage_url())


def test_of_a_rejected_one_they_are_sent_to_its_room(mail, admin_person, bob, carol):
    petition = imported(state=State.SUBMITTED)
    reason = Reason.objects.in_use().filter(hides=False)[0]
    moderation.reject(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    petition.refresh_from_db()
    handover.hand_over(petition=petition, member=carol, verdict=verdict(petition, admin_person))
    told = mail("petition-handed-over").text
    assert "in its own room" in told
    assert "Everybody can read it" not in told
    assert "A moderator reads it" not in told
