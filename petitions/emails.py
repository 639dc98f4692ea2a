"""The mails of this room, one function each; every one is a row in the caller's transaction."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from outbox import kinds
from outbox.models import Message
from outbox.post import post
from petitions.models import Petition, Transition

DECISIONS = (
    "petition-submitted",
    "petition-approved",
    "petition-changes-requested",
    "petition-rejected",
    "petition-removed",
)


def register_kinds() -> None:
    """Make this room's mails known to the outbox."""
    for name in DECISIONS:
        kinds.register(kinds.Kind(name, f"petitions/{name}"))
    kinds.register(
        kinds.Kind("moderation-waiting", "petitions/moderation-waiting", still_wanted=_still_waiting)
    )


def petition_submitted(petition: Petition, transition: Transition) -> None:
    """Give the starter a receipt."""
    _to_starter("petition-submitted", petition, transition)


def petition_approved(petition: Petition, transition: Transition) -> None:
    """Tell the starter that the petition is published."""
    _to_starter("petition-approved", petition, transition)


def petition_rejected(petition: Petition, transition: Transition) -> None:
    """Tell the starter that it was refused, and why."""
    _to_starter("petition-rejected", petition, transition)


def petition_changes_requested(petition: Petition, transition: Transition) -> None:
    """Tell the starter what should change."""
    _to_starter("petition-changes-requested", petition, transition)


def petition_removed(petition: Petition, transition: Transition) -> None:
    """Tell the starter that it was taken down, and why."""
    _to_starter("petition-removed", petition, transition)


def moderation_waiting(person: User, *, waiting: int, at: datetime) -> None:
    """Tell a moderator how many petitions wait; the moment of telling makes the key."""
    post(
        kind="moderation-waiting",
        to=person.email,
        language=person.language,
        context={"name": person.shown_name, "waiting": waiting, "url": _absolute(reverse("admin:index"))},
        dedupe_key=f"moderation-waiting:{person.pk}:{at.isoformat()}",
    )


def _still_waiting(message: Message) -> bool:
    # A decision stays true however late its mail leaves; that something waits does not.
    return Petition.objects.waiting().exists()


def _to_starter(kind: str, petition: Petition, transition: Transition) -> None:
    person = petition.starter
    if person is None:
        return
    with translation.override(person.language):
        context = _decision(petition, transition)
    post(
        kind=kind,
        to=person.email,
        language=person.language,
        context={"name": person.shown_name, **context},
        dedupe_key=f"{kind}:{transition.pk}",
    )


def _decision(petition: Petition, transition: Transition) -> dict[str, Any]:
    return {
        "title": petition.title,
        "url": _absolute(petition.get_absolute_url()),
        "manage_url": _absolute(petition.get_manage_url()),
        "rules_url": _absolute(reverse("petitions:rules")),
        "reasons": [{"title": each.title, "text": each.public_text} for each in transition.reasons.all()],
        "note": transition.note_to_starter,
    }


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
