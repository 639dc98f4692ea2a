from uuid import uuid4

import pytest

from petitions.models import DecisionMaker, Petition, Topic, Version
from petitions.services import drafting
from petitions.services.drafting import Changed, Draft, draft_of
from petitions.states import NotAllowed, State
from tests.petitions.racing import at_once, committed


def test_it_keeps_what_was_typed(alice):
    parks = Topic.objects.get(slug="parks")
    draft = Draft("Plant trees", "Twelve.", "It is *hot*.", "City Council", parks, 250, "de", "Alice M.")
    petition = drafting.start(starter=alice, draft=draft, request_key=uuid4())
    assert draft_of(Petition.objects.with_text().get(pk=petition.pk)) == draft
    assert petition.state == State.DRAFT
    assert petition.version.body_html == "<p>It is <em>hot</em>.</p>\n"
    assert petition.tally.signatures == 0
    assert petition.transitions.count() == 0


def test_it_needs_nothing_but_a_title(alice):
    petition = drafting.start(starter=alice, draft=Draft("Plant trees"), request_key=uuid4())
    assert petition.slug == f"plant-trees-{petition.pk}"
    assert petition.version.decision_maker is None
    missing = drafting.missing_fields(petition)
    assert missing == ["decision_maker", "body", "topic", "starter_name"]


def test_it_tidies_lines_and_texts(alice):
    draft = Draft("  Plant\u202e\r\n trees ", body="One\r\n\r\nTwo\x00  ", starter_name="A\tB")
    kept = draft_of(drafting.start(starter=alice, draft=draft, request_key=uuid4()))
    assert (kept.title, kept.body, kept.starter_name) == ("Plant trees", "One\n\nTwo", "A B")


def test_the_same_form_twice_makes_one_draft(alice):
    key, draft = uuid4(), Draft("Plant trees", decision_maker="city council")
    DecisionMaker.objects.create(name="City Council")
    first = drafting.start(starter=alice, draft=draft, request_key=key)
    assert drafting.start(starter=alice, draft=draft, request_key=key) == first
    assert Petition.objects.count() == 1


def test_the_same_form_with_other_words_overwrites_nothing(alice):
    key = uuid4()
    first = drafting.start(starter=alice, draft=Draft("Plant trees"), request_key=key)
    with pytest.raises(Changed) as conflict:
        drafting.start(starter=alice, draft=Draft("Plant more trees"), request_key=key)
    assert conflict.value.petition == first
    assert Version.objects.get().title == "Plant trees"


def test_the_form_of_a_petition_that_was_sent_makes_a_new_draft(alice, make_petition):
    sent = make_petition(State.SUBMITTED)
    other = drafting.start(starter=alice, draft=Draft("Another thing"), request_key=sent.request_key)
    assert other != sent
    assert drafting.start(starter=alice, draft=draft_of(sent), request_key=sent.request_key) == sent


def test_two_people_may_hold_the_same_key(alice, mallory):
    key = uuid4()
    mine = drafting.start(starter=alice, draft=Draft("Plant trees"), request_key=key)
    theirs = drafting.start(starter=mallory, draft=Draft("Plant trees"), request_key=key)
    assert mine != theirs


@committed
def test_a_double_click_makes_one_draft(alice):
    key, draft = uuid4(), Draft("Plant trees", decision_maker="City Council")
    made = at_once(*[lambda: drafting.start(starter=alice, draft=draft, request_key=key)] * 4)
    assert len({petition.pk for petition in made}) == 1
    assert Petition.objects.count() == 1


@committed
def test_two_starters_who_name_the_same_office_at_once_share_it(alice, carol):
    calls = [
        lambda: drafting.start(starter=alice, draft=Draft("A", decision_maker="Mayor"), request_key=uuid4()),
        lambda: drafting.start(starter=carol, draft=Draft("B", decision_maker="MAYOR"), request_key=uuid4()),
    ]
    assert all(isinstance(made, Petition) for made in at_once(*calls))
    assert DecisionMaker.objects.filter(name__iexact="mayor").count() == 1


def test_it_takes_a_name_for_somebody_who_has_none(alice, carol):
    alice.name = ""
    alice.save()
    drafting.start(starter=alice, draft=Draft("A", starter_name="Alice M."), request_key=uuid4())
    drafting.start(starter=carol, draft=Draft("B", starter_name="Carol S."), request_key=uuid4())
    alice.refresh_from_db()
    carol.refresh_from_db()
    assert (alice.name, carol.name) == ("Alice M.", "Carol Singer")


def test_it_leaves_a_name_alone_that_does_not_fit_an_account(alice):
    alice.name = ""
    alice.save()
    drafting.start(starter=alice, draft=Draft("A", starter_name="x" * 81), request_key=uuid4())
    alice.refresh_from_db()
    assert alice.name == ""


def test_it_refuses_more_drafts_than_anybody_writes(alice, make_draft, monkeypatch):
    monkeypatch.setattr(drafting, "OPEN_DRAFTS_AT_MOST", 2)
    first, second = make_draft(), make_draft()
    with pytest.raises(NotAllowed, match="2 drafts"):
        make_draft()
    drafting.submit(petition=first, starter=alice)
    assert make_draft()
    assert alice.petitions.filter(state=State.DRAFT).count() == 2
    assert second.state == State.DRAFT


@committed
def test_the_limit_holds_for_drafts_that_come_at_once(alice, make_draft, monkeypatch):
    monkeypatch.setattr(drafting, "OPEN_DRAFTS_AT_MOST", 2)
    made = at_once(*[make_draft] * 5)
    assert sum(isinstance(each, NotAllowed) for each in made) == 3
    assert alice.petitions.count() == 2
