"""What moderators decide: on a version, with reasons, in the open."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib.retry import retried
from petitions import emails
from petitions.models import Petition, Reason, Transition, Version
from petitions.services import alerting, drafting
from petitions.services.moves import locked, move
from petitions.states import PUBLIC, TRANSITIONS, Actor, NotAllowed, State

# The reason that goes with naming the petition that another one repeats.
DUPLICATE = "duplicate"


class Stale(NotAllowed):
    """Somebody else decided, or the starter sent a new text, after this page was opened."""


class Decision(models.TextChoices):
    """What a moderator can do with a petition."""

    APPROVE = "approve", gettext_lazy("Approve this version")
    REQUEST_CHANGES = "request-changes", gettext_lazy("Ask for changes")
    REJECT = "reject", gettext_lazy("Reject")
    TAKE_DOWN = "take-down", gettext_lazy("Take down")
    RESTORE = "restore", gettext_lazy("Restore")


@dataclass(frozen=True)
class Verdict:
    """What a moderator says, with the version and the state of the petition that they had before them."""

    moderator: User
    version: Version | None
    state: str
    reasons: Iterable[Reason] = ()
    note_to_starter: str = ""
    internal_note: str = ""


# How many of those who may decide instead a refusal names.
_NAMED = 3
# By what the objection that was upheld had been made to.
_SET_ASIDE = {
    State.REJECTED: gettext_lazy(
        "You rejected it before, and the objection to that was upheld; another moderator has to decide."
    ),
    State.REMOVED: gettext_lazy(
        "You took it down before, and the objection to that was upheld; another moderator has to decide."
    ),
}

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


def may(person: User, decision: Decision, petition: Petition) -> bool:
    """Tell whether this person can decide so on this petition as it is now."""
    return not why_not(person, decision, petition)


def why_not(person: User, decision: Decision, petition: Petition) -> str:
    """Return the sentence that says why this person can't decide so, or an empty one; services obey it."""
    if sentence := _not_theirs(person, petition):
        return sentence
    if decision not in possible(petition):
        state = {"state": petition.get_state_display()}
        return _("This petition is “%(state)s” now, so that is no longer possible.") % state
    return obstacle(petition, decision) or (_overruled(person, petition) if _is_barred(decision) else "")


def why_not_each(person: User, petition: Petition) -> dict[Decision, str]:
    """Return what `why_not` says of each decision that the state leaves, asking once what concerns several."""
    decisions = possible(petition)
    if sentence := _not_theirs(person, petition):
        return dict.fromkeys(decisions, sentence)
    overruled = _overruled(person, petition) if any(map(_is_barred, decisions)) else ""
    return {each: obstacle(petition, each) or (overruled if _is_barred(each) else "") for each in decisions}


def obstacle(petition: Petition, decision: Decision) -> str:
    """Return the sentence that says why nobody can decide so on this petition, or an empty one."""
    if decision == Decision.APPROVE and petition.needs_ask and not petition.ask:
        return _("This text does not say what it asks for. A member must take it over and add that first.")
    if decision == Decision.REQUEST_CHANGES and petition.starter_id is None:
        return _("An imported petition has nobody who could change it.")
    if decision == Decision.REQUEST_CHANGES and not drafting.resubmissions_left(petition):
        return _("Its starter has sent it again as often as is possible; publish it or reject it.")
    if decision == Decision.RESTORE and petition.objections.waiting().exists():
        return _("Its starter has objected to the removal; a senior moderator decides on that.")
    return ""


def approve(*, petition: Petition, verdict: Verdict) -> Transition:
    """Publish exactly this version."""
    return _decide(petition, Decision.APPROVE, verdict, emails.petition_approved)


def request_changes(*, petition: Petition, verdict: Verdict) -> Transition:
    """Send it back to the starter, who may change the text and send it again."""
    return _decide(petition, Decision.REQUEST_CHANGES, verdict, emails.petition_changes_requested)


def reject(*, petition: Petition, verdict: Verdict, duplicate_of: Petition | None = None) -> Transition:
    """Refuse it for reasons that everybody may read, unless one of them forbids showing the text."""
    return _decide(petition, Decision.REJECT, verdict, emails.petition_rejected, duplicate_of)


def take_down(*, petition: Petition, verdict: Verdict, duplicate_of: Petition | None = None) -> Transition:
    """Remove a published, closed or victorious petition from view; its signatures are kept."""
    return _decide(petition, Decision.TAKE_DOWN, verdict, emails.petition_removed, duplicate_of)


def restore(*, petition: Petition, verdict: Verdict) -> Transition:
    """Put a removed petition back to where it was, with its own dates.

    One whose time has run out meanwhile can't be signed any more; the clock closes it, dated by that time.
    """
    return _decide(petition, Decision.RESTORE, verdict, emails.petition_restored)


def removed_from(petition: Petition) -> State:
    """Return where a removed petition was before it was taken down."""
    return State(petition.transitions.filter(target=State.REMOVED).latest("at", "pk").source)


def as_read(petition: Petition, verdict: Verdict) -> Petition:
    """Lock the petition and return it, or raise Stale where it is not what the moderator has read any more."""
    petition = locked(petition)
    if petition.state != verdict.state:
        raise Stale(
            _("Meanwhile this petition has become “%(state)s”.") % {"state": petition.get_state_display()}
        )
    if verdict.version is None or petition.version_id != verdict.version.pk:
        raise Stale(_("Meanwhile its text has changed; please read the new one."))
    return petition


def bad_reasons(decision: Decision, reasons: list[Reason]) -> str:
    """Return the sentence that says why these reasons don't go with this decision, or an empty one."""
    if needs_reason(decision):
        if not reasons:
            return _("Choose at least one reason.")
        retired = [reason.title for reason in reasons if not reason.active]
        return (
            _("“%(title)s” is no longer given; choose another reason.") % {"title": retired[0]}
            if retired
            else ""
        )
    return _("Reasons go with a refusal. Take them back.") if reasons else ""


@retried
@transaction.atomic
def _decide(
    petition: Petition,
    decision: Decision,
    verdict: Verdict,
    tell: Callable[[Petition, Transition], None],
    duplicate_of: Petition | None = None,
) -> Transition:
    """Move a petition that still is as the moderator has read it, record why, and tell its starter."""
    petition, reasons = as_read(petition, verdict), list(verdict.reasons)
    if sentence := why_not(verdict.moderator, decision, petition) or bad_reasons(decision, reasons):
        raise NotAllowed(sentence)
    if duplicate_of and (sentence := _bad_duplicate(petition, duplicate_of, reasons)):
        raise NotAllowed(sentence)
    transition = move(
        petition=petition,
        target=_target(petition, decision),
        actor=Actor.MODERATOR,
        by=verdict.moderator,
        reasons=reasons,
        note_to_starter=verdict.note_to_starter,
        internal_note=verdict.internal_note,
        duplicate_of=duplicate_of,
    )
    tell(petition, transition)
    return transition


def _target(petition: Petition, decision: Decision) -> State:
    if decision == Decision.RESTORE:
        return removed_from(petition)
    return next(target for source, target in _MOVES[decision] if source == petition.state)


def _is_open(petition: Petition, source: State, target: State) -> bool:
    rule = TRANSITIONS.get((source, target))
    return petition.state == source and rule is not None and Actor.MODERATOR in rule.actors


def _not_theirs(person: User, petition: Petition) -> str:
    if not may_decide(person):
        return _("You may not decide on petitions.")
    if petition.starter_id == person.pk:
        return _("You started this petition; another moderator has to decide.")
    return ""


def _is_barred(decision: Decision) -> bool:
    """Tell whether this is not for those who were overruled; undoing a removal is."""
    return decision != Decision.RESTORE


def _overruled(person: User, petition: Petition) -> str:
    """Nobody decides again on what they have refused and an objection has brought back, whatever came in between."""
    against = petition.objections.overruling(person).select_related("transition").first()
    if against is None:
        return ""
    return f"{_SET_ASIDE[State(against.transition.target)]} {_who_may_instead(petition)}"


def _who_may_instead(petition: Petition) -> str:
    """Name those who may decide; where there is nobody, say who changes that."""
    barred = [petition.starter_id, *petition.objections.upheld().values_list("first_decider", flat=True)]
    others = alerting.staff_with("petitions.moderate_petition").exclude(pk__in=[pk for pk in barred if pk])
    names = [each.shown_name for each in others.order_by("name", "pk")[: _NAMED + 1]]
    if not names:
        return _("At present nobody may: an administrator has to make somebody else a moderator.")
    if len(names) > _NAMED:
        return _("These may, and others: %(names)s.") % {"names": ", ".join(names[:_NAMED])}
    return _("These may: %(names)s.") % {"names": ", ".join(names)}


def _bad_duplicate(petition: Petition, other: Petition, reasons: list[Reason]) -> str:
    if DUPLICATE not in {reason.code for reason in reasons}:
        return _("Choose the reason for repeated petitions as well, or name no other petition.")
    if other.pk == petition.pk:
        return _("A petition does not repeat itself; name another one.")
    if not Petition.objects.public().filter(pk=other.pk).exists():
        return _("The other petition has to be one that everybody can read.")
    return ""
