"""People who don’t exist, for whoever looks at the site on a machine of their own."""

from collections.abc import Iterator
from enum import Enum
from uuid import uuid4

from django.utils.translation import get_language

from petitions.models import Petition
from signatures import identity
from signatures.models import Signature
from signatures.services import confirming, signing, withdrawing
from signatures.services.signing import Choices, Origin, Outcome

# Reserved by RFC 2606: no mail to it ever reaches anybody.
DOMAIN = "example.invalid"
# After every so many who stay, one signs and withdraws.
STAYING_FOR_EACH_LEAVING = 10
REASONS = (
    "I have read it and I agree.",
    "It matters to my family.",
    "It is time.",
    "My neighbours asked me to.",
)


class Deed(Enum):
    """What became of one of them."""

    SIGNED = "signed"
    WITHDREW = "withdrew"
    REFUSED = "refused"


class Crowd:
    """So many people who sign and stay, and a few more who withdraw; each acts when the next one is asked for."""

    def __init__(self, petition: Petition, staying: int) -> None:
        self.petition = petition
        self.staying = staying
        # So that a second crowd is made of other people.
        self.name = uuid4().hex[:8]

    def __len__(self) -> int:
        return self.staying + self.staying // STAYING_FOR_EACH_LEAVING

    def __iter__(self) -> Iterator[Deed]:
        for number in range(1, len(self) + 1):
            leaves = number % (STAYING_FOR_EACH_LEAVING + 1) == 0
            yield self._act(number, leaves=leaves)

    def _act(self, number: int, *, leaves: bool) -> Deed:
        signature = self._ask(number)
        if signature is None or self._confirm(signature, number) != Outcome.SIGNED:
            return Deed.REFUSED
        if leaves and withdrawing.withdraw(signature=signature):
            return Deed.WITHDREW
        return Deed.SIGNED

    def _ask(self, number: int) -> Signature | None:
        email = f"person-{self.name}-{number}@{DOMAIN}"
        origin = Origin(language=get_language() or "en")
        asked = signing.ask(
            petition=self.petition,
            email=email,
            choices=_choices(number),
            origin=origin,
            request_key=uuid4(),
        )
        mailbox = identity.identity_hash(self.petition.pk, email)
        mine = Signature.objects.filter(petition=self.petition, identity_hash=mailbox)
        return mine.first() if asked else None

    def _confirm(self, signature: Signature, number: int) -> Outcome:
        language = get_language() or "en"
        answer = confirming.confirm(signature=signature, choices=_choices(number), language=language)
        return answer.outcome


def _choices(number: int) -> Choices:
    """Most show their name and want mails; every third says why."""
    reason = REASONS[number // 3 % len(REASONS)] if number % 3 == 0 else ""
    return Choices(
        name=f"Simulated person {number}", reason=reason, public=number % 4 != 0, updates=number % 5 != 0
    )
