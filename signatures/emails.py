"""The mails of this room; each is a row in the caller's transaction, and holds ids and the few values it needs."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from lib import tokens
from lib.prepared import Prepared
from outbox.kinds import Kind, register
from outbox.models import Message
from outbox.post import Draft, post, post_many
from petitions.cards import first_name
from petitions.goals import goal_for
from petitions.states import PUBLIC
from signatures.models import WAITING, Milestone, Signature
from signatures.services.statements import Asked

UNSUBSCRIBE, WITHDRAW, CONFIRM = "unsubscribe", "withdraw", "confirm"
MILESTONE_STARTER, MILESTONE_SUPPORTER = "milestone-starter", "milestone-supporter"

_PAGES = {
    UNSUBSCRIBE: "signatures:unsubscribe",
    WITHDRAW: "signatures:withdraw",
    CONFIRM: "signatures:confirm",
}
# Whoever has one of these may confirm or withdraw; they are blanked once the mail has left.
_LINKS = ("confirm_url", "withdraw_url")

_WAITING = Prepared(
    "unconfirmed",
    "SELECT id FROM signatures_signature"
    " WHERE id = ANY(%(signatures)s::bigint[]) AND state = ANY(%(states)s::text[])",
)


def register_kinds() -> None:
    """Make this room's mails known to the outbox."""
    for kind in (
        Kind(
            "confirm-signature",
            "signatures/confirm-signature",
            secrets=_LINKS,
            still_wanted=still_unconfirmed,
            wanted_among=unconfirmed_among,
            key_is_spent=True,
            personal=("signature", *_LINKS),
        ),
        Kind(
            "already-signed",
            "signatures/already-signed",
            secrets=_LINKS,
            key_is_spent=True,
            personal=("signature", *_LINKS),
        ),
        Kind("milestone-starter", "signatures/milestone-starter"),
        Kind(
            "milestone-supporter",
            "signatures/milestone-supporter",
            lane="bulk",
            bulk=True,
            secrets=("withdraw_url", "unsubscribe_url"),
            still_wanted=still_wanted,
            wanted_among=wanted_among,
            unsubscribe_url=unsubscribe_url,
            personal=("signature", "name", "withdraw_url", "unsubscribe_url"),
        ),
    ):
        register(kind)


def answer(asked: Asked, *, email: str, language: str, request_key: UUID) -> bool:
    """Write to the mailbox that was typed: a link to confirm, or how things stand; False if this request was answered."""
    kind = "confirm-signature" if asked.state in WAITING else "already-signed"
    with translation.override(language):
        context: dict[str, str | int] = {
            "signature": asked.signature_id,
            "title": asked.title,
            "url": absolute(reverse("petitions:detail", args=[asked.slug])),
            "confirm_url": link(CONFIRM, asked.signature_id),
            "withdraw_url": link(WITHDRAW, asked.signature_id),
            "state": asked.state,
        }
    # The same key for either kind: between two clicks on one form the signature may have been confirmed.
    key = f"answer:{asked.signature_id}:{request_key}"
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
    languages = {each.language for each in supporters}
    values = {language: _milestone(milestone, language) for language in languages}
    links = {language: _Links(language) for language in languages}
    return post_many(
        Draft(
            kind=MILESTONE_SUPPORTER,
            to=each.email,
            language=each.language,
            context={
                **values[each.language],
                "signature": each.pk,
                "name": each.name,
                "withdraw_url": links[each.language].to(WITHDRAW, each.pk),
                "unsubscribe_url": links[each.language].to(UNSUBSCRIBE, f"{MILESTONE_SUPPORTER}.{each.pk}"),
            },
            dedupe_key=supporter_key(milestone, each.pk),
        )
        for each in supporters
    )


def untold(milestone: Milestone, signatures: Sequence[int]) -> set[int]:
    """Return those of these signatures for which no mail about the milestone has been written."""
    keys = {supporter_key(milestone, number): number for number in signatures}
    written = Message.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True)
    return set(keys.values()) - {keys[key] for key in written}


def supporter_key(milestone: Milestone, signature: int | str) -> str:
    """Return the key by which a supporter gets one mail for a milestone."""
    return f"{MILESTONE_SUPPORTER}:{milestone.pk}:{signature}"


def still_unconfirmed(message: Message) -> bool:
    """Say whether a link to confirm still leads to something."""
    return bool(unconfirmed_among([message]))


def unconfirmed_among(messages: Sequence[Message]) -> set[int]:
    """Return the numbers of those mails whose links to confirm still lead to something."""
    about = _signatures_of(messages)
    waiting = {pk for (pk,) in _WAITING.rows({"signatures": list(about.values()), "states": list(WAITING)})}
    return {number for number, signature in about.items() if signature in waiting}


def still_wanted(message: Message) -> bool:
    """Say whether this supporter still counts and wants to be told, and the petition can still be read."""
    return bool(wanted_among([message]))


def wanted_among(messages: Sequence[Message]) -> set[int]:
    """Return the numbers of those mails that are still wanted."""
    about = _signatures_of(messages)
    wanting = Signature.objects.wanting_mail().filter(pk__in=about.values(), petition__state__in=PUBLIC)
    wants = set(wanting.values_list("pk", flat=True))
    return {number for number, signature in about.items() if signature in wants}


def _signatures_of(messages: Sequence[Message]) -> dict[int, int]:
    return {message.pk: message.context["signature"] for message in messages}


def unsubscribe_url(message: Message) -> str:
    """Return the one-click link for this mail's kind and signature: the one that stands in its text."""
    return str(message.context["unsubscribe_url"])


def link(purpose: str, value: int | str) -> str:
    """Return the whole address behind which a token of this purpose is understood, in the active language."""
    return absolute(reverse(_PAGES[purpose], args=[tokens.make(purpose, value)]))


def absolute(path: str) -> str:
    """Return the whole address of a path."""
    return f"{settings.SITE_URL}{path}"


class _Links:
    """The links of one language for many people: each address is looked up once, only the tokens differ."""

    def __init__(self, language: str) -> None:
        with translation.override(language):
            self._ends = {
                purpose: absolute(reverse(_PAGES[purpose], args=["token"])).rpartition("token")
                for purpose in (WITHDRAW, UNSUBSCRIBE)
            }

    def to(self, purpose: str, value: int | str) -> str:
        before, _, after = self._ends[purpose]
        return f"{before}{tokens.make(purpose, value)}{after}"


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
