"""What moderators decide: on a version, with reasons, in the open."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from petitions import emails
from petitions.models import Petition, Reason, Transition, Version
from petitions.services.moves import locked, move
from petitions.states import PUBLIC, TRANSITIONS, Actor, NotAllowed, State


class Stale(NotAllowed):
    """Somebody else decided, or the starter sent a new text, after this page was opened."""


class Decision(models.TextChoices):
    """What a moderator can do with a petition."""

    APPROVE = "approve", gettext_lazy("Approve this version")
    REQUEST_CHANGES = "request-changes", gettext_lazy("Ask for changes")
    REJECT = "reject", gettext_lazy("Reject")
    TAKE_DOWN = "take-down", gettext_lazy("Take down")
    RESTORE = "restore", gettext_lazy("Restore")


# The moves that each decision may come down to; which of them are allowed is in `states.TRANSITIONS` alone.
_MOVES: dict[Decision, list[tuple[State, State]]] = {
    Decision.APPROVE: [(State.SUBMITTED, State.PUBLISHED)],
    Decision.REQUEST_CHANGES: [(State.SUBMITTED, State.CHANGES_REQUESTED)],
    Decision.REJECT: [(State.SUBMITTED, State.REJECTED)],
    Decision.TAKE_DOWN: [(state, State.REMOVED) for state in PUBLIC],
    Decision.RESTORE: [(State.REMOVED, state) for state in PUBLIC],
}


def may_decide(person: User) -> bool:
    """Tell whether this person decides on petitions at all."""
    return person.is_staff and person.has_perm("petitions.moderate_petition")


def possible(petition: Petition) -> list[Decision]:
    """Return the decisions that the petition's state leaves to moderators, whatever else stands in their way."""
    return [
        decision for decision, moves in _MOVES.items() if any(_is_open(petition, *each) for each in moves)
    ]


def needs_reason(decision: Decision) -> bool:
    """Tell whether this decision has to be given a reason."""
    return any(TRANSITIONS[each].needs_reason for each in _MOVES[decision])


def obstacle(petition: Petition, decision: Decision) -> str:
    """Return the sentence that says why this petition can't be decided in this way, or an empty one."""
    if decision == Decision.APPROVE and petition.needs_ask and not petition.ask:
        return _("This text does not say what it asks for. A member must take it over and add that first.")
    if decision == Decision.REQUEST_CHANGES and petition.starter_id is None:
        return _("An imported petition has nobody who could change it.")
    return ""


@transaction.atomic
def approve(
    *,
    petition: Petition,
    version: Version,
    moderator: User,
    note_to_starter: str = "",
    internal_note: str = "",
) -> Transition:
    """Publish exactly this version."""
    petition = _as_read(petition, version, State.SUBMITTED)
    _insist(petition, Decision.APPROVE)
    notes = {"note_to_starter": note_to_starter, "internal_note": internal_note}
    transition = _decide(petition, State.PUBLISHED, moderator, **notes)
    emails.petition_approved(petition, transition)
    return transition


@transaction.atomic
def request_changes(
    *,
    petition: Petition,
    version: Version,
    moderator: User,
    reasons: Iterable[Reason],
    note_to_starter: str = "",
    internal_note: str = "",
) -> Transition:
    """Send it back to the starter, who may change the text and send it again."""
    petition = _as_read(petition, version, State.SUBMITTED)
    _insist(petition, Decision.REQUEST_CHANGES)
    notes = {"note_to_starter": note_to_starter, "internal_note": internal_note}
    transition = _decide(petition, State.CHANGES_REQUESTED, moderator, reasons=reasons, **notes)
    emails.petition_changes_requested(petition, transition)
    return transition


@transaction.atomic
def reject(
    *,
    petition: Petition,
    version: Version,
    moderator: User,
    reasons: Iterable[Reason],
    note_to_starter: str = "",
    internal_note: str = "",
) -> Transition:
    """Refuse it for reasons that everybody may read, unless one of them forbids showing the text."""
    petition = _as_read(petition, version, State.SUBMITTED)
    notes = {"note_to_starter": note_to_starter, "internal_note": internal_note}
    transition = _decide(petition, State.REJECTED, moderator, reasons=reasons, **notes)
    emails.petition_rejected(petition, transition)
    return transition


@transaction.atomic
def take_down(
    *,
    petition: Petition,
    moderator: User,
    reasons: Iterable[Reason],
    note_to_starter: str = "",
    internal_note: str = "",
    version: Version | None = None,
    state: State | None = None,
) -> Transition:
    """Remove a published, closed or victorious petition from view; its signatures are kept.

    Where the version and the state that the moderator saw are given, they must still hold.
    """
    petition = _as_read(petition, version, state)
    notes = {"note_to_starter": note_to_starter, "internal_note": internal_note}
    transition = _decide(petition, State.REMOVED, moderator, reasons=reasons, **notes)
    emails.petition_removed(petition, transition)
    return transition


@transaction.atomic
def restore(
    *,
    petition: Petition,
    moderator: User,
    internal_note: str = "",
    version: Version | None = None,
) -> Transition:
    """Put a removed petition back to where it was, with its original period."""
    petition = _as_read(petition, version, State.REMOVED)
    removal = petition.transitions.filter(target=State.REMOVED).latest("at", "pk")
    return _decide(petition, State(removal.source), moderator, internal_note=internal_note)


def _is_open(petition: Petition, source: State, target: State) -> bool:
    rule = TRANSITIONS.get((source, target))
    return petition.state == source and rule is not None and Actor.MODERATOR in rule.actors


def _as_read(petition: Petition, version: Version | None, state: State | None) -> Petition:
    """Lock the petition and make sure that it still is what the moderator has read."""
    petition = locked(petition)
    if state is not None and petition.state != state:
        raise Stale(
            _("Meanwhile this petition has become “%(state)s”.") % {"state": petition.get_state_display()}
        )
    if version is not None and petition.version_id != version.pk:
        raise Stale(_("Meanwhile its text has changed; please read the new one."))
    return petition


def _insist(petition: Petition, decision: Decision) -> None:
    if sentence := obstacle(petition, decision):
        raise NotAllowed(sentence)


def _decide(petition: Petition, target: State, moderator: User, **said: Any) -> Transition:
    """Move a petition that somebody else started; what is said is reasons and notes."""
    if not may_decide(moderator):
        raise NotAllowed(_("You may not decide on petitions."))
    if petition.starter_id == moderator.pk:
        raise NotAllowed(_("You started this petition; another moderator has to decide."))
    return move(petition=petition, target=target, actor=Actor.MODERATOR, by=moderator, **said)
