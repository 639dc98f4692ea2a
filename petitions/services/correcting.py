"""What an administrator puts right about a petition without touching its words or its state."""

from datetime import datetime
from typing import TypedDict

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from lib.retry import retried
from petitions import discovery
from petitions.models import DecisionMaker, Petition, Topic, Version
from petitions.services.moves import locked
from petitions.states import NotAllowed, State

# An ended petition is not opened again by a later date.
HAS_PERIOD = (State.DRAFT, State.SUBMITTED, State.CHANGES_REQUESTED, State.PUBLISHED)


class Correction(TypedDict, total=False):
    """What is to be different; what is left out stays as it is at that moment."""

    topic: Topic | None
    decision_maker: DecisionMaker | None
    closes_at: datetime | None


def why_not(person: User, petition: Petition) -> str:
    """Return the sentence that says why this person can't correct this petition, or an empty one."""
    if not (person.is_staff and person.has_perm("petitions.change_petition")):
        return _("You may not correct petitions.")
    if petition.starter_id == person.pk:
        return _("You started this petition; another administrator has to correct it.")
    return ""


@retried
@transaction.atomic
def correct(*, petition: Petition, administrator: User, correction: Correction) -> Petition:
    """Set topic, last day and decision maker; whom it is asked of is part of the text, so that makes a version."""
    petition = locked(petition)
    if sentence := why_not(administrator, petition):
        raise NotAllowed(sentence)
    if "closes_at" in correction:
        _insist_on_period(petition)
        petition.closes_at = correction["closes_at"]
    petition.topic = correction.get("topic", petition.topic)
    if petition.version and "decision_maker" in correction:
        petition.version = _asked_of(petition.version, correction["decision_maker"], administrator)
    petition.save(update_fields=["topic", "closes_at", "version"])
    discovery.index(petition)
    return petition


def _insist_on_period(petition: Petition) -> None:
    if petition.state not in HAS_PERIOD:
        raise NotAllowed(_("This petition has ended; its period can’t be changed now."))


def _asked_of(version: Version, decision_maker: DecisionMaker | None, administrator: User) -> Version:
    """Return the same words asked of somebody else: a version of its own where this one has been read."""
    if version.frozen_at:
        latest = version.petition.versions.aggregate(number=Max("number"))["number"]
        version.pk, version.number, version.author = None, latest + 1, administrator
        version.created_at = version.frozen_at = Now()
        version._state.adding = True  # noqa: SLF001 - Django's documented way to copy a row
    version.decision_maker = decision_maker
    version.save()
    version.refresh_from_db(fields=["created_at", "frozen_at"])
    return version
