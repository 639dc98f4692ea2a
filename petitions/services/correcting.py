"""What an administrator puts right about a petition without touching its words or its state."""

from datetime import datetime
from typing import TypedDict

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib.retry import retried
from petitions import discovery
from petitions.models import DecisionMaker, Petition, Topic, Version
from petitions.services import recording
from petitions.services.moderation import Stale
from petitions.services.moves import locked
from petitions.states import NotAllowed, State

# An ended petition is not opened again by a later date.
HAS_PERIOD = (State.DRAFT, State.SUBMITTED, State.CHANGES_REQUESTED, State.PUBLISHED)

ENDED = gettext_lazy("This petition has ended; its period can’t be changed now.")


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


def fingerprint(petition: Petition) -> str:
    """Return what tells whether anything that can be corrected, or the state, has changed."""
    maker = petition.version.decision_maker_id if petition.version else None
    closes = petition.closes_at.isoformat() if petition.closes_at else ""
    return f"{petition.version_id}/{maker}/{petition.state}/{petition.topic_id}/{closes}"


@retried
@transaction.atomic
def correct(*, petition: Petition, administrator: User, correction: Correction, basis: str = "") -> Petition:
    """Set topic, last day and decision maker; whom it is asked of is part of the text, so that makes a version.

    `basis` is the fingerprint of what the administrator had before them; what has changed since is not overwritten.
    """
    petition = locked(petition)
    if sentence := why_not(administrator, petition):
        raise NotAllowed(sentence)
    if "closes_at" in correction and _has_ended(petition):
        raise NotAllowed(ENDED)
    if basis and basis != fingerprint(petition):
        raise Stale(_("Meanwhile somebody has changed what you wanted to correct."))
    before = _in_words(petition)
    _put_right(petition, correction, administrator)
    petition.save(update_fields=["topic", "closes_at", "version"])
    discovery.index(petition)
    _record(petition, administrator, before)
    return petition


def _has_ended(petition: Petition) -> bool:
    """Tell whether it can't be signed any more, also where the clock has not closed it yet."""
    is_over = Petition.objects.due_to_close().filter(pk=petition.pk)
    return petition.state not in HAS_PERIOD or is_over.exists()


def _put_right(petition: Petition, correction: Correction, administrator: User) -> None:
    petition.closes_at = correction.get("closes_at", petition.closes_at)
    petition.topic = correction.get("topic", petition.topic)
    version = petition.version
    if version and "decision_maker" in correction and version.decision_maker != correction["decision_maker"]:
        petition.version = _asked_of(version, correction["decision_maker"], administrator)


def _in_words(petition: Petition) -> dict[str, str]:
    """Return what can be corrected, by its name."""
    at = petition.closes_at
    return {
        _("Topic"): petition.topic.name if petition.topic else "",
        _("Decision maker"): petition.decision_maker_name,
        _("Closes"): date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else "",
    }


def _record(petition: Petition, administrator: User, before: dict[str, str]) -> None:
    changes = [
        f"{name}: {before[name] or '–'} → {after or '–'}"
        for name, after in _in_words(petition).items()
        if after != before[name]
    ]
    if changes:
        what = _("Changed %(what)s.") % {"what": "; ".join(changes)}
        recording.record(petition=petition, by=administrator, what=what)


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
