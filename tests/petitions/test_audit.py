"""The promises of this room, and what breaks them."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from lib import audit
from petitions import discovery
from petitions.models import Delta, Objection, Petition, SearchEntry, Tally, Topic, Transition, Version
from petitions.services import drafting, editing, objecting
from petitions.states import State
from tests.promises import breaches_of


def forget_the_trigger():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE petitions_transition DISABLE TRIGGER transition_append_only")


def test_it_finds_nothing_wrong_with_any_state(make_petition):
    for state in State:
        if state not in {State.SUBMITTED, State.CLOSED, State.VICTORY}:
            make_petition(state)
    assert {name: found for name, found in audit.breaches().items() if found} == {}


def test_the_command_says_so(make_petition):
    make_petition()
    output = StringIO()
    call_command("audit_invariants", stdout=output)
    assert "kept   petitions: no count is below zero" in output.getvalue()
    assert " 0 breaches" in output.getvalue()


def test_the_command_lists_what_is_broken_and_fails(make_petition):
    petition = make_petition()
    SearchEntry.objects.all().delete()
    output = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit_invariants", stdout=output)
    assert ended.value.code == 1
    assert f"       petition {petition.pk} is published and can’t be found" in output.getvalue()


def test_it_finds_a_search_entry_that_was_left_behind(make_petition):
    petition = make_petition()
    for changed in ({"state": "rejected"}, {"topic": None}):
        Petition.objects.filter(pk=petition.pk).update(**changed)
        assert f"petition {petition.pk}: its search entry has another state or topic" in breaches_of(
            "have an entry to be found by"
        )
        discovery.index(petition)
        assert breaches_of("have an entry to be found by") == []


def test_it_finds_a_tally_with_another_goal_or_topic(make_petition):
    petition, check = make_petition(), "each tally has first goal and topic"
    Petition.objects.update(first_goal=250, topic=Topic.objects.get(slug="schools"))
    assert breaches_of(check) == []
    Tally.objects.update(first_goal=100, topic=None)
    assert breaches_of(check) == [
        f"petition {petition.pk}: its tally has another topic",
        f"petition {petition.pk}: its first goal is 250, its tally says 100",
    ]


def test_it_finds_a_move_that_nobody_may_make(make_petition):
    petition = make_petition()
    Transition.objects.create(petition=petition, version=petition.version, source="published", target="draft")
    assert len(breaches_of("every move is in the table")) == 1


def test_it_finds_a_gap_in_the_record(make_petition):
    petition = make_petition()
    forget_the_trigger()
    Transition.objects.filter(source="draft").delete()
    assert breaches_of("starts where the last one ended") == [
        f"petition {petition.pk}: move {Transition.objects.get().pk} starts at submitted, not at draft"
    ]


def test_it_finds_a_state_without_a_record(make_petition):
    petition = make_petition()
    Petition.objects.update(state=State.CLOSED, closed_at="2026-11-01 12:00Z")
    assert breaches_of("the state is where") == [
        f"petition {petition.pk} is closed, its record ends at published"
    ]


def test_it_finds_counts_that_cannot_be(make_petition):
    below, without = make_petition(), make_petition(title="Another")
    Delta.objects.create(petition=below, change=-1)
    Tally.objects.filter(petition=without).delete()
    assert breaches_of("below zero") == [
        f"petition {below.pk} counts -1",
        f"petition {without.pk} counts None",
    ]


def test_it_finds_a_published_text_that_can_be_written_over(make_petition):
    petition = make_petition()
    Version.objects.update(frozen_at=None)
    assert breaches_of("frozen text") == [f"petition {petition.pk} is published and its text is not frozen"]


def test_it_finds_what_search_should_not(make_petition):
    petition = make_petition()
    Petition.objects.update(state=State.REMOVED)
    assert breaches_of("entry to be found by") == [f"petition {petition.pk} is removed and can be found"]


def test_it_finds_a_text_that_nobody_has_approved(make_petition):
    petition = make_petition()
    forget_the_trigger()
    Transition.objects.filter(target=State.PUBLISHED).update(actor=None)
    assert breaches_of("approved or imported") == [
        f"petition {petition.pk} is published and nobody has approved it"
    ]


def test_it_finds_who_has_decided_on_their_own(make_petition, alice):
    make_petition()
    forget_the_trigger()
    Transition.objects.filter(target=State.PUBLISHED).update(actor=alice)
    assert len(breaches_of("their own")) == 1


@pytest.fixture
def objection(make_petition, alice):
    petition = make_petition(State.REJECTED)
    return objecting.object_to(petition=petition, author=alice, text="It fits the rules as they are.")


def test_it_finds_nothing_wrong_with_objections(objection, sue):
    assert breaches_of("objections are to refusals") == []
    objecting.uphold(objection=objection, senior=sue)
    assert breaches_of("objections are to refusals") == []


def test_it_finds_an_objection_that_came_to_nothing(objection, sue):
    Objection.objects.update(decider=sue, decided_at=objection.made_at, upheld=True)
    assert len(breaches_of("objections are to refusals")) == 1


def test_it_finds_an_objection_with_another_first_decider(objection, dora):
    Objection.objects.update(first_decider=dora)
    assert len(breaches_of("objections are to refusals")) == 1


@pytest.fixture
def edit(make_petition, alice):
    petition = make_petition()
    words = replace(drafting.draft_of(petition), title="Another title")
    return editing.propose(petition=petition, starter=alice, draft=words)


def test_it_finds_nothing_wrong_with_edits(edit, bob):
    assert breaches_of("accepted edits") == []
    editing.accept(edit=edit, moderator=bob)
    assert breaches_of("accepted edits") == []


def test_it_finds_an_edit_that_nobody_has_accepted(edit):
    Petition.objects.update(version=edit.version)
    assert len(breaches_of("accepted edits")) == 1


def test_it_finds_an_accepted_edit_that_was_not_shown(edit, bob):
    editing.accept(edit=edit, moderator=bob)
    Petition.objects.update(version=edit.basis)
    assert len(breaches_of("accepted edits")) == 1
