from dataclasses import replace
from datetime import timedelta

import pytest

from outbox.models import Message
from petitions.models import Petition, Seed, Transition
from petitions.services import drafting
from petitions.services.drafting import Changed, Incomplete, draft_of
from petitions.states import NotAllowed, State
from tests.petitions.racing import at_once, committed


def test_it_hands_the_petition_to_the_moderators(alice, bob, make_draft):
    petition = make_draft()
    transition = drafting.submit(petition=petition, starter=alice)
    petition = Petition.objects.with_text().get(pk=petition.pk)
    assert petition.state == State.SUBMITTED
    assert petition.submitted_at
    assert petition.version.frozen_at
    assert (transition.source, transition.actor, transition.version) == (State.DRAFT, alice, petition.version)


def test_the_starter_gets_a_receipt_and_moderators_hear(alice, bob, make_draft):
    drafting.submit(petition=make_draft(), starter=alice)
    mails = Message.objects.order_by("kind").values_list("kind", "to_address")
    assert list(mails) == [("moderation-waiting", bob.email), ("petition-submitted", alice.email)]


@pytest.mark.parametrize(
    "left_out",
    [
        {"body": ""},
        {"decision_maker": " "},
        {"topic": None},
        {"starter_name": ""},
        {"body": "", "topic": None},
    ],
)
def test_it_names_what_is_missing(alice, make_draft, left_out):
    petition = make_draft(**left_out)
    with pytest.raises(Incomplete) as lack:
        drafting.submit(petition=petition, starter=alice)
    assert lack.value.missing == list(left_out)
    assert petition.transitions.count() == Message.objects.count() == 0


def test_an_imported_text_needs_its_ask(alice, make_draft):
    petition = make_draft()
    from_article(petition)
    with pytest.raises(Incomplete) as lack:
        drafting.submit(petition=petition, starter=alice)
    assert lack.value.missing == ["ask"]


def from_article(petition: Petition) -> None:
    Seed.objects.create(key="lamps", petition=petition, shape="article", source="lamps.txt", needs_ask=True)


def test_it_sends_only_what_the_starter_has_read(alice, make_draft):
    petition = make_draft()
    basis = draft_of(petition).fingerprint()
    drafting.revise(petition=petition, draft=replace(draft_of(petition), title="In another tab"))
    with pytest.raises(Changed):
        drafting.submit(petition=petition, starter=alice, basis=basis)
    assert petition.transitions.count() == 0


def test_nobody_sends_somebody_else_s_petition(mallory, make_draft):
    petition = make_draft()
    with pytest.raises(NotAllowed):
        drafting.submit(petition=petition, starter=mallory)
    assert petition.transitions.count() == 0


@committed
def test_of_two_at_once_one_counts(alice, bob, make_draft):
    petition = make_draft()
    done = at_once(*[lambda: drafting.submit(petition=petition, starter=alice)] * 3)
    assert sorted(type(each).__name__ for each in done) == ["NotAllowed", "NotAllowed", "Transition"]
    assert Transition.objects.count() == 1
    assert Message.objects.filter(kind="petition-submitted").count() == 1


@committed
def test_of_sending_and_deleting_at_once_one_counts(alice, make_draft):
    petition = make_draft()
    done = at_once(
        lambda: drafting.submit(petition=petition, starter=alice),
        lambda: drafting.delete(petition=petition),
    )
    assert sum(isinstance(each, Exception) for each in done) == 1
    assert Petition.objects.filter(state=State.SUBMITTED).count() == Transition.objects.count()


def test_it_takes_no_more_in_a_day_than_can_be_read(alice, make_draft, monkeypatch):
    monkeypatch.setattr(drafting, "SUBMISSIONS_A_DAY", 2)
    for _ in range(2):
        drafting.submit(petition=make_draft(), starter=alice)
    third = make_draft()
    with pytest.raises(NotAllowed, match="2 petitions"):
        drafting.submit(petition=third, starter=alice)
    monkeypatch.setattr(drafting, "DAY", timedelta(0))
    assert drafting.submit(petition=third, starter=alice)


@committed
def test_the_limit_holds_for_petitions_that_are_sent_at_once(alice, make_draft, monkeypatch):
    monkeypatch.setattr(drafting, "SUBMISSIONS_A_DAY", 2)
    drafts = [make_draft(title=f"Light lamp {number}") for number in range(4)]
    done = at_once(*[lambda each=each: drafting.submit(petition=each, starter=alice) for each in drafts])
    assert sum(isinstance(each, NotAllowed) for each in done) == 2
    assert Transition.objects.count() == 2


def test_it_leaves_nothing_when_the_mail_can_t_be_written(alice, make_draft, monkeypatch):
    petition = make_draft()
    monkeypatch.setattr(drafting.emails, "petition_submitted", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        drafting.submit(petition=petition, starter=alice)
    petition = Petition.objects.with_text().get(pk=petition.pk)
    assert (petition.state, petition.version.frozen_at) == (State.DRAFT, None)
