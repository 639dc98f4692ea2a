"""The mails of this room; each is a row in the caller's transaction, and holds ids and the few values it needs."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from lib import tokens
from outbox.kinds import Kind, register
from outbox.models import Message
from outbox.post import Draft, post, post_many
from petitions.cards import first_name
from petitions.goals import goal_for
from petitions.models import Petition
from petitions.states import PUBLIC
from signatures.models import WAITING, Milestone, Signature

UNSUBSCRIBE, WITHDRAW, CONFIRM = "unsubscribe", "withdraw", "confirm"
MILESTONE_STARTER, MILESTONE_SUPPORTER = "milestone-starter", "milestone-supporter"

# Whoever has one of these may confirm or withdraw; they are blanked once the mail has left.
_LINKS = ("confirm_url", "withdraw_url")


def register_kinds() -> None:
    """Make this room's mails known to the outbox."""
    for kind in (
        Kind(
            "confirm-signature",
            "signatures/confirm-signature",
            secrets=_LINKS,
            still_wanted=still_unconfirmed,
            key_is_spent=True,
        ),
        Kind("already-signed", "signatures/already-signed", secrets=_LINKS, key_is_spent=True),
        Kind("milestone-starter", "signatures/milestone-starter"),
        Kind(
            "milestone-supporter",
            "signatures/milestone-supporter",
            lane="bulk",
            bulk=True,
            secrets=("withdraw_url", "unsubscribe_url"),
            still_wanted=still_wanted,
            unsubscribe_url=unsubscribe_url,
        ),
    ):
        register(kind)


def answer(signature: Signature, petition: Petition, *, email: str, language: str, request_key: UUID) -> bool:
    """Write to the mailbox that was typed: a link to confirm, or how things stand; False if this request was answered."""
    kind = "confirm-signature" if signature.state in WAITING else "already-signed"
    with translation.override(language):
        context: dict[str, str | int] = {
            "signature": signature.pk,
            "title": petition.title,
            "url": absolute(petition.get_absolute_url()),
            "confirm_url": link(CONFIRM, signature.pk),
            "withdraw_url": link(WITHDRAW, signature.pk),
            "state": str(signature.state),
        }
    # The same key for either kind: between two clicks on one form the signature may have been confirmed.
    key = f"answer:{signature.pk}:{request_key}"
    return post(kind=kind, to=email, language=language, context=context, dedupe_key=key)


def milestone_starter(milestone: Milestone) -> None:
    """Tell the starter, if there is an account, that the goal is reached."""
    person = milestone.petition.starter
    if person is None or not person.is_active:
        return
    context = _milestone(milestone, person.language) | {"name": person.shown_name}
    key = f"{MILESTONE_STARTER}:{milestone.pk}"
    post(kind=MILESTONE_STARTER, to=person.email, language=person.language, context=context, dedupe_key=key)


def milestone_supporters(milestone: Milestone, supporters: Sequence[Signature]) -> int:
    """Tell these supporters; whoever has the mail already is passed over. Return how many are new."""
    values = {
        language: _milestone(milestone, language) for language in {each.language for each in supporters}
    }
    return post_many(
        Draft(
            kind=MILESTONE_SUPPORTER,
            to=each.email,
            language=each.language,
            context={
                **values[each.language],
                "signature": each.pk,
                "name": each.name,
                "withdraw_url": _in(each.language, WITHDRAW, each.pk),
                "unsubscribe_url": _in(each.language, UNSUBSCRIBE, f"milestone-supporter.{each.pk}"),
            },
            dedupe_key=supporter_key(milestone, each.pk),
        )
        for each in supporters
    )


def supporter_key(milestone: Milestone, signature: int | str) -> str:
    """Return the key by which a supporter gets one mail for a milestone."""
    return f"{MILESTONE_SUPPORTER}:{milestone.pk}:{signature}"


def still_unconfirmed(message: Message) -> bool:
    """Say whether a link to confirm still leads to something."""
    return Signature.objects.filter(pk=message.context["signature"], state__in=WAITING).exists()


def still_wanted(message: Message) -> bool:
    """Say whether this supporter still counts and wants to be told, and the petition can still be read."""
    wanting = Signature.objects.wanting_mail().filter(pk=message.context["signature"])
    return wanting.filter(petition__state__in=PUBLIC).exists()


def unsubscribe_url(message: Message) -> str:
    """Return the one-click link for this mail's kind and signature."""
    return link(UNSUBSCRIBE, f"{message.kind}.{message.context['signature']}")


def link(purpose: str, value: int | str) -> str:
    """Return the whole address behind which a token of this purpose is understood, in the active language."""
    names = {
        UNSUBSCRIBE: "signatures:unsubscribe",
        WITHDRAW: "signatures:withdraw",
        CONFIRM: "signatures:confirm",
    }
    return absolute(reverse(names[purpose], args=[tokens.make(purpose, value)]))


def absolute(path: str) -> str:
    """Return the whole address of a path."""
    return f"{settings.SITE_URL}{path}"


def _in(language: str, purpose: str, value: int | str) -> str:
    with translation.override(language):
        return link(purpose, value)


def _milestone(milestone: Milestone, language: str) -> dict[str, str | int]:
    petition = milestone.petition
    with translation.override(language):
        return {
            "milestone": milestone.pk,
            "title": petition.title,
            "starter": petition.starter_name,
            "called": first_name(petition.starter_name),
            "url": absolute(petition.get_absolute_url()),
            "manage_url": absolute(petition.get_manage_url()),
            "threshold": milestone.threshold,
            "signatures": milestone.signatures,
            "goal": goal_for(milestone.signatures, petition.first_goal),
        }
