"""An administrator gives an imported petition to a member, who then is its starter."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib.retry import retried
from petitions import emails
from petitions.models import Petition, Transition
from petitions.services import moderation, recording
from petitions.services.moderation import Decision, Verdict
from petitions.services.moves import move
from petitions.states import Actor, NotAllowed, State


def member_with(address: str) -> User | None:
    """Return the member who has proven this address and may sign in."""
    proven = {"emailaddress__email": address.lower(), "emailaddress__verified": True}
    member: User | None = User.objects.filter(is_active=True, **proven).first()
    return member


def awaits_starter(petition: Petition) -> bool:
    """Tell whether it was imported and belongs to nobody yet."""
    return petition.starter_id is None and hasattr(petition, "seed")


def may_hand_over(person: User) -> bool:
    """Tell whether this person gives imported petitions to members."""
    return person.is_staff and person.has_perm("petitions.change_petition")


def goes_back(petition: Petition) -> bool:
    """Tell whether the new starter has to add the ask before moderators can decide."""
    return petition.state == State.SUBMITTED and petition.needs_ask and not petition.ask


def why_not(person: User, petition: Petition) -> str:
    """Return the sentence that says why this person can't give this petition to anybody, or an empty one."""
    if not may_hand_over(person):
        return _("You may not hand petitions over.")
    if not awaits_starter(petition):
        return _("This petition belongs to somebody already.")
    return ""


@retried
@transaction.atomic
def hand_over(*, petition: Petition, member: User, verdict: Verdict) -> Transition | None:
    """Make the member its starter, by mail; one that waits for its ask goes back to them, and that move is returned."""
    petition = moderation.as_read(petition, verdict)
    if sentence := why_not(verdict.moderator, petition) or _bad_words(petition, verdict):
        raise NotAllowed(sentence)
    if not member.is_active:
        raise NotAllowed(_("This member’s account is closed."))
    _give(petition, member)
    what = _("Handed over to %(name)s.") % {"name": member.shown_name}
    recording.record(petition=petition, by=verdict.moderator, what=what)
    if goes_back(petition):
        return _ask_for_the_ask(petition, verdict)
    emails.petition_handed_over(petition)
    return None


def _bad_words(petition: Petition, verdict: Verdict) -> str:
    """Reasons and a note go with what goes back, and the reasons have to be such that the member can do something."""
    reasons = list(verdict.reasons)
    if not goes_back(petition):
        sent = reasons or verdict.note_to_starter
        return _("It stays where it is, so the member is sent no reasons and no note.") if sent else ""
    if hiding := [reason.title for reason in reasons if reason.hides]:
        return _("“%(title)s” hides the text; that is no reason to give it to a member.") % {
            "title": hiding[0]
        }
    return moderation.bad_reasons(Decision.REQUEST_CHANGES, reasons)


def _give(petition: Petition, member: User) -> None:
    petition.starter = member
    petition.starter_name = petition.starter_name or member.name
    petition.save(update_fields=["starter", "starter_name"])


def _ask_for_the_ask(petition: Petition, verdict: Verdict) -> Transition:
    transition = move(
        petition=petition,
        target=State.CHANGES_REQUESTED,
        actor=Actor.MODERATOR,
        by=verdict.moderator,
        reasons=verdict.reasons,
        note_to_starter=verdict.note_to_starter,
        internal_note=verdict.internal_note,
    )
    emails.petition_changes_requested(petition, transition)
    return transition
