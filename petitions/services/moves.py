"""The one way a petition changes its state: under a row lock, with a row in the record."""

from collections.abc import Iterable

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from petitions import discovery, events, states
from petitions.models import DecisionMaker, Petition, Reason, Transition, TransitionReason, Version
from petitions.states import Actor, NotAllowed, State

# Which column each state stamps, always by the database's clock.
_STAMPS = {State.SUBMITTED: "submitted_at", State.PUBLISHED: "published_at", State.CLOSED: "closed_at"}


def locked(petition: Petition) -> Petition:
    """Return the petition as it is now, locked against other moves; signers are not held up by this lock."""
    # The lock alone first: rows joined to one that had to be waited for are as they were before the wait.
    Petition.objects.select_for_update(no_key=True).values("pk").get(pk=petition.pk)
    return Petition.objects.with_text().get(pk=petition.pk)


def move(
    *,
    petition: Petition,
    target: State,
    actor: Actor,
    by: User | None,
    reasons: Iterable[Reason] = (),
    note_to_starter: str = "",
    internal_note: str = "",
) -> Transition:
    """Move a locked petition and record it, or raise NotAllowed; the caller's transaction holds both."""
    source, given = State(petition.state), list(reasons)
    rule = states.check(source, target, actor)
    if rule.needs_reason and not given:
        raise NotAllowed(_("Choose at least one reason."))
    _stamp(petition, target, restored=source == State.REMOVED)
    transition = Transition.objects.create(
        petition=petition,
        version=_text_of(petition),
        actor=by,
        source=source,
        target=target,
        note_to_starter=note_to_starter,
        internal_note=internal_note,
    )
    TransitionReason.objects.bulk_create(
        TransitionReason(transition=transition, reason=each) for each in given
    )
    if target == State.PUBLISHED:
        _offer_decision_maker(petition)
    discovery.index(petition)
    events.moved.send(sender=Petition, petition=petition, transition=transition)
    return transition


def _stamp(petition: Petition, target: State, *, restored: bool) -> None:
    petition.state = target
    changed = ["state"]
    column = _STAMPS.get(target)
    # A restored petition keeps its own dates, and with them the period it had.
    if column and not restored:
        setattr(petition, column, Now())
        changed.append(column)
    petition.save(update_fields=changed)
    petition.refresh_from_db(fields=changed)


def _offer_decision_maker(petition: Petition) -> None:
    """Whoever a published petition goes to has been read by a moderator or an operator: others may pick it."""
    DecisionMaker.objects.filter(versions=petition.version, listed=False).update(listed=True)


def _text_of(petition: Petition) -> Version:
    if petition.version is None:
        raise NotAllowed(_("This petition has no text yet."))
    return petition.version
