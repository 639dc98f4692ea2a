"""What moderators tell one another about a petition."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib.text import clean_text
from petitions.models import LONGEST_NOTE, Note, Petition
from petitions.services import moderation
from petitions.states import NotAllowed


def may_read(person: User, petition: Petition) -> bool:
    """Tell whether this person sees the internal notes: moderators do, but not about their own petitions."""
    return moderation.may_decide(person) and petition.starter_id != person.pk


@transaction.atomic
def note(*, petition: Petition, author: User, text: str) -> Note:
    """Keep a note for the other moderators; it can't be changed or deleted."""
    text = clean_text(text)
    if not moderation.may_decide(author):
        raise NotAllowed(_("You may not write notes about petitions."))
    if not may_read(author, petition):
        raise NotAllowed(_("You started this petition; its notes are for the other moderators."))
    if not text:
        raise NotAllowed(_("Write something first."))
    if len(text) > LONGEST_NOTE:
        raise NotAllowed(
            _("This may have at most %(limit)d characters; it has %(count)d. Please shorten it.")
            % {"limit": LONGEST_NOTE, "count": len(text)}
        )
    return Note.objects.create(petition=petition, author=author, text=text)
