"""A starter objects once to a rejection or a removal; a senior moderator who did not take it decides."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from lib.retry import retried
from lib.text import clean_text
from petitions import emails
from petitions.models import LONGEST_OBJECTION, SHORTEST_OBJECTION, Objection, Petition, Transition
from petitions.services import alerting, moderation
from petitions.services.moderation import Stale
from petitions.services.moves import locked, move
from petitions.states import Actor, NotAllowed, State

REFUSALS = (State.REJECTED, State.REMOVED)


def may_uphold(person: User) -> bool:
    """Tell whether this person decides on objections at all."""
    return person.is_staff and person.has_perm("petitions.uphold_objection")


def refusal_of(petition: Petition) -> Transition | None:
    """Return the decision that can be objected to: the last move of a rejected or removed petition."""
    if petition.state not in REFUSALS:
        return None
    moves = petition.transitions.filter(target=petition.state).select_related("objection", "actor")
    return moves.order_by("-at", "-pk").first()


def ends_at(refusal: Transition) -> datetime:
    """Return until when its starter can object to a rejection or a removal."""
    return refusal.at + timedelta(days=settings.OBJECTION_DAYS)


def obstacle(petition: Petition, person: User) -> str:
    """Return the sentence that says why this person can't object now, or an empty one."""
    if petition.starter_id != person.pk:
        return _("This is somebody else’s petition.")
    refusal = refusal_of(petition)
    return _obstacle_to(refusal, person) if refusal else _("There is no decision that you could object to.")


@retried
@transaction.atomic
def object_to(*, petition: Petition, author: User, text: str) -> Objection:
    """Keep a starter's objection to the rejection or removal of their petition, and give them a receipt."""
    petition, text = locked(petition), clean_text(text)
    if sentence := obstacle(petition, author) or bad_length(text):
        raise NotAllowed(sentence)
    refusal = petition.transitions.latest("at", "pk")
    objection = Objection(transition=refusal, petition=petition, author=author, text=text)
    objection.first_decider_id = refusal.actor_id  # type: ignore[assignment]  # `obstacle` asks for somebody
    objection.save()
    emails.objection_received(objection)
    return objection


def bad_length(text: str) -> str:
    """Return the sentence that says why a text is no objection, or an empty one."""
    if len(text) < SHORTEST_OBJECTION:
        return _("Say in a sentence or two why the decision is wrong.")
    if len(text) > LONGEST_OBJECTION:
        return _("This may have at most %(limit)d characters; it has %(count)d. Please shorten it.") % {
            "limit": LONGEST_OBJECTION,
            "count": len(text),
        }
    return ""


def why_not(person: User, objection: Objection) -> str:
    """Return the sentence that says why this person can't decide on this objection, or an empty one."""
    if not may_uphold(person):
        return _("Senior moderators decide on objections.")
    if person.pk in {objection.author_id, objection.petition.starter_id}:
        return _("You started this petition; another senior moderator has to decide.")
    if objection.first_decider_id == person.pk:
        return _("You took the decision that is objected to; another senior moderator has to decide.")
    return ""


@retried
@transaction.atomic
def uphold(*, objection: Objection, senior: User, note: str = "") -> Transition:
    """Undo the decision: what was rejected waits for another moderator, what was removed goes back to where it was."""
    petition, objection = _undecided(objection, senior)
    target = moderation.removed_from(petition) if petition.state == State.REMOVED else State.SUBMITTED
    _decide(objection, senior, upheld=True, note=clean_text(note))
    transition = move(
        petition=petition, target=target, actor=Actor.SENIOR, by=senior, note_to_starter=objection.note
    )
    emails.objection_upheld(objection)
    if target == State.SUBMITTED:
        alerting.alert_moderators()
    return transition


@retried
@transaction.atomic
def dismiss(*, objection: Objection, senior: User, note: str) -> Objection:
    """Let the decision stand and tell the starter why; nothing can be objected to that."""
    _petition, objection = _undecided(objection, senior)
    if not clean_text(note):
        raise NotAllowed(_("Tell the starter why the decision stands."))
    _decide(objection, senior, upheld=False, note=clean_text(note))
    emails.objection_dismissed(objection)
    return objection


def _obstacle_to(refusal: Transition, person: User) -> str:
    if hasattr(refusal, "objection"):
        return _("You have objected to this decision already.")
    # A moderator can be handed an imported petition that they have refused before.
    if refusal.actor_id in (None, person.pk):
        return _("There is nobody else’s decision that you could object to.")
    if _is_in_time(refusal):
        return ""
    text = ngettext(
        "An objection has to come within %(days)d day of the decision, and that time is over.",
        "An objection has to come within %(days)d days of the decision, and that time is over.",
        settings.OBJECTION_DAYS,
    )
    return text % {"days": settings.OBJECTION_DAYS}


def _is_in_time(refusal: Transition) -> bool:
    period = timedelta(days=settings.OBJECTION_DAYS)
    return Transition.objects.filter(pk=refusal.pk, at__gt=Now() - period).exists()


def _undecided(objection: Objection, senior: User) -> tuple[Petition, Objection]:
    """Lock the petition and return it with its objection, if that still waits and this person may decide on it."""
    petition = locked(objection.petition)
    objection = Objection.objects.for_lists().get(pk=objection.pk)
    if sentence := why_not(senior, objection):
        raise NotAllowed(sentence)
    if objection.upheld is not None:
        outcome = _("upheld") if objection.upheld else _("dismissed")
        raise Stale(_("Meanwhile this objection was %(outcome)s.") % {"outcome": outcome})
    objection.petition = petition
    return petition, objection


def _decide(objection: Objection, senior: User, *, upheld: bool, note: str) -> None:
    objection.decider, objection.decided_at, objection.upheld, objection.note = senior, Now(), upheld, note
    objection.save(update_fields=["decider", "decided_at", "upheld", "note"])
    objection.refresh_from_db(fields=["decided_at"])
