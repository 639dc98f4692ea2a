"""Every state × every state × every actor: the table decides, and what it forbids leaves nothing behind."""

from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from petitions.discovery import INDEXED
from petitions.models import Petition, SearchEntry, Transition, TransitionReason
from petitions.services.moves import locked, move
from petitions.states import TRANSITIONS, Actor, NotAllowed, State

EVERYTHING = list(product(State, Actor))


class Undone(Exception):
    """Takes a move back that was only tried."""


def attempt(petition: Petition, target: State, actor: Actor, reasons: list) -> None:
    """Make the move, look at what it did, and take it back."""
    with transaction.atomic():
        # What an import brings along, and what a petition that is put back had before.
        Petition.objects.filter(pk=petition.pk).update(submitted_at=Now(), closed_at=Now())
        before = Transition.objects.count()
        made = move(
            petition=locked(petition), target=target, actor=actor, by=petition.starter, reasons=reasons
        )
        now = Petition.objects.get(pk=petition.pk)
        assert (now.state, made.source, made.target) == (target, petition.state, target)
        assert Transition.objects.count() == before + 1
        assert SearchEntry.objects.filter(petition=now).exists() == (target in INDEXED)
        raise Undone


@pytest.mark.parametrize("source", State)
def test_it_allows_what_the_table_allows_and_nothing_else(make_petition, reason, source):
    petition = make_petition(source)
    traces = Transition.objects.count(), TransitionReason.objects.count()
    for target, actor in EVERYTHING:
        rule = TRANSITIONS.get((source, target))
        allowed = rule is not None and actor in rule.actors
        with pytest.raises(Undone if allowed else NotAllowed):
            attempt(petition, target, actor, [reason])
        assert Petition.objects.get(pk=petition.pk).state == source
        assert (Transition.objects.count(), TransitionReason.objects.count()) == traces


@pytest.mark.parametrize(
    ("source", "target"), [pair for pair, rule in TRANSITIONS.items() if rule.needs_reason]
)
def test_it_asks_for_a_reason_where_the_table_does(make_petition, source, target):
    petition = make_petition(source)
    with pytest.raises(NotAllowed, match="reason"), transaction.atomic():
        move(petition=locked(petition), target=target, actor=Actor.MODERATOR, by=None)
    assert Petition.objects.get(pk=petition.pk).state == source


@pytest.mark.parametrize(
    "change", [{"note_to_starter": "Never said"}, {"actor": None}, {"target": State.DRAFT}]
)
def test_nothing_in_the_record_can_be_changed(make_petition, change):
    make_petition(State.REJECTED)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Transition.objects.update(**change)


@pytest.mark.parametrize("model", [Transition, TransitionReason])
def test_nothing_can_be_taken_out_of_the_record(make_petition, model):
    make_petition(State.REJECTED)
    rows = model.objects.all()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows._raw_delete(rows.db)
    assert rows.exists()


def test_a_reason_that_was_given_cannot_be_given_otherwise(make_petition):
    make_petition(State.REJECTED)
    other = TransitionReason.objects.get().reason.__class__.objects.exclude(code="no-clear-ask").first()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        TransitionReason.objects.update(reason=other)
