"""The states of a petition and every allowed move between them; services alone make the moves."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a petition stands."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    CHANGES_REQUESTED = "changes-requested", _("Changes asked for")
    REJECTED = "rejected", _("Rejected")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")
    VICTORY = "victory", _("Victory")
    REMOVED = "removed", _("Taken down")


class Actor(StrEnum):
    """Who may make a move."""

    STARTER = "starter"
    MODERATOR = "moderator"
    SENIOR = "senior moderator"
    CLOCK = "clock"
    IMPORT = "import"


# Shown with their text; signing is for the published alone.
PUBLIC = (State.PUBLISHED, State.CLOSED, State.VICTORY)
# The starter writes on these.
EDITABLE = (State.DRAFT, State.CHANGES_REQUESTED)


@dataclass(frozen=True)
class Move:
    """One allowed move: who makes it, and whether reason codes must say why."""

    actors: frozenset[Actor]
    needs_reason: bool = False


def _by(*actors: Actor, needs_reason: bool = False) -> Move:
    return Move(frozenset(actors), needs_reason)


TRANSITIONS: dict[tuple[State, State], Move] = {
    (State.DRAFT, State.SUBMITTED): _by(Actor.STARTER, Actor.IMPORT),
    (State.DRAFT, State.PUBLISHED): _by(Actor.IMPORT),
    (State.SUBMITTED, State.PUBLISHED): _by(Actor.MODERATOR),
    (State.SUBMITTED, State.CHANGES_REQUESTED): _by(Actor.MODERATOR, needs_reason=True),
    (State.SUBMITTED, State.REJECTED): _by(Actor.MODERATOR, needs_reason=True),
    (State.CHANGES_REQUESTED, State.SUBMITTED): _by(Actor.STARTER),
    (State.REJECTED, State.SUBMITTED): _by(Actor.SENIOR),
    (State.PUBLISHED, State.CLOSED): _by(Actor.STARTER, Actor.CLOCK),
    (State.PUBLISHED, State.VICTORY): _by(Actor.STARTER),
    (State.CLOSED, State.VICTORY): _by(Actor.STARTER),
    **{(state, State.REMOVED): _by(Actor.MODERATOR, needs_reason=True) for state in PUBLIC},
    **{(State.REMOVED, state): _by(Actor.MODERATOR, Actor.SENIOR) for state in PUBLIC},
}


class NotAllowed(Exception):
    """The move is not in the table for this actor; its text says so to a person."""


def check(source: State, target: State, actor: Actor) -> Move:
    """Return the move, or raise NotAllowed when this actor may not make it."""
    move = TRANSITIONS.get((source, target))
    if move is None or actor not in move.actors:
        raise NotAllowed(
            _("This petition is “%(state)s” now, so that is no longer possible.") % {"state": source.label}
        )
    return move
