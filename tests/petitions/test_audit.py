"""The promises of this room, and what breaks them."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from lib import audit
from petitions.models import Delta, Petition, SearchEntry, Tally, Transition, Version
from petitions.states import State


def breaches(promise):
    return next(found for name, found in audit.breaches().items() if promise in name)


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


def test_it_finds_a_move_that_nobody_may_make(make_petition):
    petition = make_petition()
    Transition.objects.create(petition=petition, version=petition.version, source="published", target="draft")
    assert len(breaches("every move is in the table")) == 1


def test_it_finds_a_gap_in_the_record(make_petition):
    petition = make_petition()
    forget_the_trigger()
    Transition.objects.filter(source="draft").delete()
    assert breaches("starts where the last one ended") == [
        f"petition {petition.pk}: move {Transition.objects.get().pk} starts at submitted, not at draft"
    ]


def test_it_finds_a_state_without_a_record(make_petition):
    petition = make_petition()
    Petition.objects.update(state=State.CLOSED, closed_at="2026-11-01 12:00Z")
    assert breaches("the state is where") == [
        f"petition {petition.pk} is closed, its record ends at published"
    ]


def test_it_finds_counts_that_cannot_be(make_petition):
    below, without = make_petition(), make_petition(title="Another")
    Delta.objects.create(petition=below, change=-1)
    Tally.objects.filter(petition=without).delete()
    assert breaches("below zero") == [f"petition {below.pk} counts -1", f"petition {without.pk} counts None"]


def test_it_finds_a_published_text_that_can_be_written_over(make_petition):
    petition = make_petition()
    Version.objects.update(frozen_at=None)
    assert breaches("frozen text") == [f"petition {petition.pk} is published and its text is not frozen"]


def test_it_finds_what_search_should_not(make_petition):
    petition = make_petition()
    Petition.objects.update(state=State.REMOVED)
    assert breaches("found by search") == [f"petition {petition.pk} is removed and can be found"]
