"""Edits after publication: the public reads the old wording until a moderator accepts the new one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from outbox.models import Message
from petitions import discovery
from petitions.models import DecisionMaker, Edit, Petition, Topic, Transition, Version
from petitions.services import closing, correcting, drafting, editing, moderation
from petitions.services.drafting import Changed, Incomplete, draft_of
from petitions.services.moderation import Stale
from petitions.states import NotAllowed, State
from tests.conftest import verdict
from tests.petitions.admin.conftest import fresh
from tests.petitions.racing import at_once, committed

TITLE = "Keep the river path lit all night"


@pytest.fixture
def petition(make_petition) -> Petition:
    return make_petition()


@pytest.fixture
def edit(petition) -> Edit:
    return propose(petition)


def propose(petition: Petition, basis: str = "", **words) -> Edit:
    draft = replace(draft_of(fresh(petition)), **(words or {"title": TITLE}))
    return editing.propose(petition=petition, starter=petition.starter, draft=draft, basis=basis)


def test_the_public_reads_the_old_wording(petition, edit):
    assert fresh(petition).version == petition.version == edit.basis
    assert (edit.version.title, edit.version.number) == (TITLE, 2)
    assert Version.objects.get(pk=edit.version.pk).frozen_at
    assert list(Edit.objects.waiting()) == [edit]


def test_accepted_it_is_what_everybody_reads_at_the_same_address(petition, edit, bob):
    before = Transition.objects.count()
    accepted = editing.accept(edit=edit, moderator=bob, note="Thank you.")
    now = fresh(petition)
    assert (now.title, now.slug, now.state) == (TITLE, petition.slug, State.PUBLISHED)
    assert (accepted.accepted, accepted.decider, accepted.note) == (True, bob, "Thank you.")
    assert accepted.decided_at
    assert Transition.objects.count() == before
    assert list(discovery.find(discovery.Search(words="night")).keys) == [petition.pk]
    assert Message.objects.get(kind="petition-edit-accepted").context["note"] == "Thank you."


def test_declined_it_leaves_no_trace_but_its_own(petition, edit, bob):
    with pytest.raises(NotAllowed, match="Tell the starter"):
        editing.decline(edit=edit, moderator=bob, note="")
    editing.decline(edit=edit, moderator=bob, note="It asks for something else now.")
    assert fresh(petition).version == petition.version
    assert Message.objects.get(kind="petition-edit-declined").context["note"].startswith("It asks")
    assert propose(petition, title="Light it").version.number == 3


def test_only_the_words_are_taken(petition, alice, bob):
    other = replace(
        draft_of(petition),
        title=TITLE,
        first_goal=7,
        starter_name="Somebody",
        topic=Topic.objects.get(slug="health"),
    )
    editing.accept(edit=editing.propose(petition=petition, starter=alice, draft=other), moderator=bob)
    now = fresh(petition)
    assert (now.first_goal, now.starter_name, now.topic) == (
        petition.first_goal,
        petition.starter_name,
        petition.topic,
    )


def test_a_new_addressee_is_offered_once_it_is_accepted(petition, bob):
    edit = propose(petition, decision_maker="Harbour Office")
    assert not DecisionMaker.objects.get(name="Harbour Office").listed
    editing.accept(edit=edit, moderator=bob)
    assert DecisionMaker.objects.get(name="Harbour Office").listed


@pytest.mark.parametrize("state", [each for each in State if each != State.PUBLISHED])
def test_it_is_for_published_petitions(make_petition, state):
    with pytest.raises(NotAllowed, match="while a petition is published"):
        propose(make_petition(state))


def test_one_at_a_time(petition, edit, alice):
    with pytest.raises(NotAllowed, match="with the moderators"):
        propose(petition, title="Another")
    editing.take_back(edit=edit, starter=alice)
    assert propose(petition, title="Another")


def test_the_database_itself_wants_one_at_a_time(petition, edit, alice):
    version = petition.versions.create(number=9, title="Another")
    with pytest.raises(IntegrityError, match="edit_one_at_a_time"), transaction.atomic():
        Edit.objects.create(petition=petition, version=version, basis=petition.version, author=alice)


def test_somebody_else_proposes_and_takes_back_nothing(petition, edit, mallory):
    with pytest.raises(NotAllowed, match="somebody else’s"):
        editing.take_back(edit=edit, starter=mallory)
    with pytest.raises(NotAllowed, match="somebody else’s"):
        editing.propose(petition=petition, starter=mallory, draft=draft_of(petition))


def test_it_must_change_something(petition):
    with pytest.raises(NotAllowed, match="words that are published"):
        propose(petition, title=f"  {petition.title} ")
    assert petition.versions.count() == 1


@pytest.mark.parametrize("name", ["title", "body", "decision_maker"])
def test_it_lacks_nothing(petition, name):
    with pytest.raises(Incomplete) as lack:
        propose(petition, **{name: " "})
    assert lack.value.missing == [name]


def test_it_starts_from_words_that_the_starter_has_seen(petition, bob):
    basis = draft_of(petition).fingerprint()
    editing.accept(edit=propose(petition, basis), moderator=bob)
    with pytest.raises(Changed):
        propose(petition, basis, title="Another")


def test_no_more_in_a_day_than_can_be_read(petition, alice, monkeypatch):
    monkeypatch.setattr(editing, "PROPOSALS_A_DAY", 1)
    editing.take_back(edit=propose(petition), starter=alice)
    with pytest.raises(NotAllowed, match="tomorrow"):
        propose(petition)
    monkeypatch.setattr(editing, "DAY", timedelta(0))
    assert propose(petition)


@pytest.mark.parametrize("decide", [editing.accept, editing.decline])
def test_moderators_decide_and_nobody_on_their_own(make_petition, bob, mallory, decide):
    edit = propose(make_petition())
    with pytest.raises(NotAllowed, match="may not decide"):
        decide(edit=edit, moderator=mallory, note="No.")
    Petition.objects.update(starter=bob)
    with pytest.raises(NotAllowed, match="another moderator"):
        decide(edit=Edit.objects.get(), moderator=bob, note="No.")


def test_it_does_not_undo_a_correction(petition, edit, bob, admin_person):
    maker = DecisionMaker.objects.create(name="City Council", listed=True)
    correcting.correct(petition=petition, administrator=admin_person, correction={"decision_maker": maker})
    with pytest.raises(Stale, match="published wording has changed"):
        editing.accept(edit=edit, moderator=bob)
    assert fresh(petition).decision_maker_name == "City Council"
    assert editing.decline(edit=edit, moderator=bob, note="Please propose it again.")


def test_what_has_ended_keeps_its_wording(petition, edit, alice, bob):
    closing.close(petition=petition, starter=alice)
    assert not Edit.objects.waiting().exists()
    with pytest.raises(Stale, match="Closed"):
        editing.accept(edit=edit, moderator=bob)


def test_it_waits_while_its_petition_is_taken_down(petition, edit, bob, reason):
    moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    assert not Edit.objects.waiting().exists()
    moderation.restore(petition=petition, verdict=verdict(petition, bob))
    assert editing.accept(edit=edit, moderator=bob)


def test_what_was_decided_stays_decided(edit, bob):
    editing.decline(edit=edit, moderator=bob, note="No.")
    for change in (lambda rows: rows.update(note="Other"), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change(Edit.objects.all())


@committed
def test_of_accepting_declining_and_taking_back_at_once_one_counts(edit, alice, bob, dora):
    done = at_once(
        lambda: editing.accept(edit=edit, moderator=bob),
        lambda: editing.decline(edit=edit, moderator=dora, note="No."),
        lambda: editing.take_back(edit=edit, starter=alice),
    )
    assert [type(each) for each in done if isinstance(each, Exception)] == [Stale, Stale]
    now = Edit.objects.get()
    assert (fresh(now.petition).title == TITLE) is bool(now.accepted)


@committed
def test_of_two_proposals_at_once_one_is_kept(petition):
    done = at_once(*[lambda: propose(petition)] * 3)
    assert sum(isinstance(each, NotAllowed) for each in done) == 2
    assert Edit.objects.count() == 1


@committed
def test_taking_down_and_accepting_at_once_leave_a_whole_state(petition, edit, bob, dora, reason):
    said = verdict(petition, dora, reasons=[reason])
    done = at_once(
        lambda: editing.accept(edit=edit, moderator=bob),
        lambda: moderation.take_down(petition=petition, verdict=said),
    )
    assert [type(each) for each in done if isinstance(each, Exception)] == [Stale]


def test_a_starter_s_draft_service_leaves_it_alone(petition, edit):
    with pytest.raises(NotAllowed):
        drafting.revise(petition=petition, draft=replace(draft_of(petition), title="Another"))
