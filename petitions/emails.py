"""The mails of this room, one function each; every one is a row in the caller's transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from accounts.preferences import in_the_terms_of
from lib import desk
from lib.desk import News
from outbox import kinds
from outbox.models import Message
from outbox.post import post
from petitions.models import Edit, Objection, Petition, Transition
from petitions.states import PUBLIC, State

DECISIONS = (
    "petition-submitted",
    "petition-approved",
    "petition-changes-requested",
    "petition-rejected",
    "petition-removed",
    "petition-restored",
    "petition-objection-received",
    "petition-objection-upheld",
    "petition-objection-dismissed",
    "petition-edit-accepted",
    "petition-edit-declined",
    "petition-handed-over",
)


def register_kinds() -> None:
    """Make this room's mails known to the outbox."""
    for name in DECISIONS:
        kinds.register(kinds.Kind(name, f"petitions/{name}"))
    kinds.register(
        kinds.Kind(
            "moderation-waiting",
            "petitions/moderation-waiting",
            still_wanted=_still_waiting,
            key_is_spent=True,
        )
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


def petition_restored(petition: Petition, transition: Transition) -> None:
    """Tell the starter that it is back where it was, and whether its time has run out meanwhile."""
    _to_starter("petition-restored", petition, transition)


def objection_received(objection: Objection) -> None:
    """Give the starter a receipt of their objection."""
    _of_objection("petition-objection-received", objection)


def objection_upheld(objection: Objection) -> None:
    """Tell the starter that the decision was undone, and what follows."""
    _of_objection("petition-objection-upheld", objection)


def objection_dismissed(objection: Objection) -> None:
    """Tell the starter that the decision stands, and why."""
    _of_objection("petition-objection-dismissed", objection)


def edit_accepted(edit: Edit) -> None:
    """Tell the starter that everybody reads the new wording."""
    _of_edit("petition-edit-accepted", edit)


def edit_declined(edit: Edit) -> None:
    """Tell the starter that the earlier wording stays, and why."""
    _of_edit("petition-edit-declined", edit)


def petition_handed_over(petition: Petition) -> None:
    """Tell a member that an administrator has made them the starter of a petition that stays where it is."""
    told = {"is_public": petition.state in PUBLIC, "is_waiting": petition.state == State.SUBMITTED}
    _post(
        "petition-handed-over",
        petition,
        f"petition-handed-over:{petition.pk}:{petition.starter_id}",
        lambda: told,
    )


def moderation_waiting(person: User, *, lists: Sequence[News], at: datetime) -> None:
    """Tell a moderator how many decisions wait, and where; the moment of telling makes the key."""
    with in_the_terms_of(person):
        counts = [{"label": str(each.label), "count": each.count} for each in lists]
    context: dict[str, Any] = {
        "name": person.shown_name,
        "waiting": sum(each.count for each in lists),
        "lists": counts,
        "url": _absolute(reverse("admin:index")),
    }
    post(
        kind="moderation-waiting",
        to=person.email,
        language=person.language,
        context=context,
        dedupe_key=f"moderation-waiting:{person.pk}:{at.isoformat()}",
    )


def _still_waiting(message: Message) -> bool:
    # A decision stays true however late its mail leaves; that something waits does not.
    return bool(desk.news())


def _to_starter(kind: str, petition: Petition, transition: Transition) -> None:
    def told() -> dict[str, Any]:
        given = [{"title": each.title, "text": each.public_text} for each in transition.reasons.all()]
        until = date_format(
            timezone.localtime(transition.at + timedelta(days=settings.OBJECTION_DAYS)), "DATE_FORMAT"
        )
        return {
            "reasons": given,
            "note": transition.note_to_starter,
            "object_until": until,
            **_repeated(transition.duplicate_of),
            **_period(petition, transition.at),
        }

    _post(kind, petition, f"{kind}:{transition.pk}", told)


def _of_objection(kind: str, objection: Objection) -> None:
    petition = objection.petition
    told = {"note": objection.note, "was_removed": objection.transition.target == State.REMOVED}
    at = objection.decided_at or objection.made_at
    _post(kind, petition, f"{kind}:{objection.pk}", lambda: {**told, **_period(petition, at)})


def _of_edit(kind: str, edit: Edit) -> None:
    _post(
        kind, edit.petition, f"{kind}:{edit.pk}", lambda: {"note": edit.note, "proposed": edit.version.title}
    )


def _post(kind: str, petition: Petition, key: str, told: Callable[[], dict[str, Any]]) -> None:
    """Write the row in the starter's language and time; a petition without an account tells nobody."""
    person = petition.starter
    if person is None:
        return
    with in_the_terms_of(person):
        context = {"name": person.shown_name, **_addresses(petition), **told()}
    post(kind=kind, to=person.email, language=person.language, context=context, dedupe_key=key)


def _addresses(petition: Petition) -> dict[str, Any]:
    return {
        "title": petition.title,
        "url": _absolute(petition.get_absolute_url()),
        "manage_url": _absolute(petition.get_manage_url()),
        "rules_url": _absolute(reverse("petitions:rules")),
    }


def _repeated(other: Petition | None) -> dict[str, Any]:
    if other is None:
        return {"other_title": "", "other_url": ""}
    return {"other_title": other.title, "other_url": _absolute(other.get_absolute_url())}


def _period(petition: Petition, at: datetime) -> dict[str, Any]:
    """Say until when it can be signed, and whether that is over already."""
    if petition.state != State.PUBLISHED or petition.closes_at is None:
        return {"is_open": petition.state == State.PUBLISHED, "closes": ""}
    closes = date_format(timezone.localtime(petition.closes_at), "DATE_FORMAT")
    return {"is_open": petition.closes_at > at, "closes": closes}


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
