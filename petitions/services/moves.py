"""The one way a petition changes its state: under a row lock, with a row in the record."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from petitions import discovery, events, states
from petitions.models import DecisionMaker, Petition, Reason, Transition, TransitionReason, Version
from petitions.states import Actor, NotAllowed, State

# Which column each state stamps, always by the database's clock.
_STAMPS = {State.SUBMITTED: "submitted_at", State.PUBLISHED: "published_at", State.CLOSED: "closed_at"}
# Who comes back from these keeps the earlier dates: a restored petition its period, one whose rejection was
# set aside its place in the queue.
_GIVES_BACK = (State.REMOVED, State.REJECTED)


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
    duplicate_of: Petition | None = None,
) -> Transition:
    """Move a locked petition and record it, or raise NotAllowed; the caller's transaction holds both."""
    source, given = State(petition.state), list(reasons)
    rule = states.check(source, target, actor)
    if rule.needs_reason and not given:
        raise NotAllowed(_("Choose at least one reason."))
    _stamp(petition, target, returned=source in _GIVES_BACK)
    transition = Transition.objects.create(
        petition=petition,
        version=text_of(petition),
        actor=by,
        source=source,
        target=target,
        note_to_starter=note_to_starter,
        internal_note=internal_note,
        duplicate_of=duplicate_of,
    )
    TransitionReason.objects.bulk_create(
        TransitionReason(transition=transition, reason=each) for each in given
    )
    if target == State.PUBLISHED:
        offer_decision_maker(petition)
    discovery.index(petition)
    events.moved.send(sender=Petition, petition=petition, transition=transition)
    return transition


def record_first(*, petitions: Sequence[Petition], actor: Actor, at: datetime) -> None:
    """Record how new petitions came into the states in which they were written: `move` for many that nobody has seen."""
    for petition in petitions:
        states.check(State.DRAFT, State(petition.state), actor)
    transitions = Transition.objects.bulk_create(
        Transition(petition=each, version=text_of(each), at=at, source=State.DRAFT, target=each.state)
        for each in petitions
    )
    published = [each for each in petitions if each.state == State.PUBLISHED]
    wordings = [text_of(each) for each in published]
    DecisionMaker.objects.filter(versions__in=wordings, listed=False).update(listed=True)
    discovery.index_new([each.pk for each in published])
    for transition in transitions:
        events.moved.send(sender=Petition, petition=transition.petition, transition=transition)


def text_of(petition: Petition) -> Version:
    """Return the petition's present wording, or raise NotAllowed where it has none."""
    if petition.version is None:
        raise NotAllowed(_("This petition has no text yet."))
    return petition.version


def offer_decision_maker(petition: Petition) -> None:
    """Let others pick whom a published petition goes to: a moderator or an operator has read that name."""
    DecisionMaker.objects.filter(versions=petition.version, listed=False).update(listed=True)


def _stamp(petition: Petition, target: State, *, returned: bool) -> None:
    petition.state = target
    changed = ["state"]
    column = _STAMPS.get(target)
    if column and not returned:
        setattr(petition, column, Now())
        changed.append(column)
    petition.save(update_fields=changed)
    petition.refresh_from_db(fields=changed)
