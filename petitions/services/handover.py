"""An administrator gives an imported petition to a member, who then is its starter."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib.retry import retried
from petitions import emails
from petitions.models import Petition, Reason, Transition
from petitions.services.moves import locked, move
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


@retried
@transaction.atomic
def hand_over(
    *,
    petition: Petition,
    member: User,
    administrator: User,
    reasons: Iterable[Reason] = (),
    note_to_starter: str = "",
) -> Transition | None:
    """Make the member its starter; one that waits for its ask goes back to them, and that move is returned."""
    if not may_hand_over(administrator):
        raise NotAllowed(_("You may not hand petitions over."))
    if not member.is_active:
        raise NotAllowed(_("This member’s account is closed."))
    petition = locked(petition)
    if not awaits_starter(petition):
        raise NotAllowed(_("This petition belongs to somebody already."))
    _give(petition, member)
    return (
        _ask_for_the_ask(petition, administrator, reasons, note_to_starter) if goes_back(petition) else None
    )


def _give(petition: Petition, member: User) -> None:
    petition.starter = member
    petition.starter_name = petition.starter_name or member.name
    petition.save(update_fields=["starter", "starter_name"])


def _ask_for_the_ask(petition: Petition, by: User, reasons: Iterable[Reason], note: str) -> Transition:
    transition = move(
        petition=petition,
        target=State.CHANGES_REQUESTED,
        actor=Actor.MODERATOR,
        by=by,
        reasons=reasons,
        note_to_starter=note,
    )
    emails.petition_changes_requested(petition, transition)
    return transition
