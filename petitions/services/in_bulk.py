"""One decision on many petitions: each by itself, in a transaction of its own, as the moderator has seen it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import OperationalError
from django.utils.translation import gettext as _

from accounts.models import User
from lib import faults
from petitions.models import Petition, Reason, Transition, Version
from petitions.services import moderation
from petitions.services.moderation import Decision, Stale, Verdict
from petitions.states import NotAllowed

# How many are decided on at once; more nobody has read.
AT_ONCE = 50
_SERVICES: dict[Decision, Callable[..., Transition]] = {
    Decision.APPROVE: moderation.approve,
    Decision.REJECT: moderation.reject,
}
POSSIBLE = tuple(_SERVICES)


class Result(StrEnum):
    """What became of one of them."""

    DONE = "done"
    STALE = "stale"
    REFUSED = "refused"


@dataclass(frozen=True)
class Seen:
    """A petition, with the version and the state in which the moderator has had it before them."""

    petition: Petition
    version_id: int
    state: str

    @property
    def is_so(self) -> bool:
        """Whether the petition, as it was read last, still is like that."""
        return (self.petition.version_id, self.petition.state) == (self.version_id, self.state)


@dataclass(frozen=True)
class Said:
    """What is said about all of them alike."""

    moderator: User
    reasons: tuple[Reason, ...] = field(default=())
    note_to_starter: str = ""
    internal_note: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one petition, and the sentence that says why not."""

    petition: Petition
    result: Result
    why: str = ""


def decide_each(*, decision: Decision, seen: Iterable[Seen], said: Said) -> list[Outcome]:
    """Decide one after the other; what has changed meanwhile, or may not be decided so, is left as it is."""
    return [_decided(decision, each, said) for each in seen]


def decide_one(*, decision: Decision, seen: Seen, said: Said) -> Transition:
    """Decide one of them as all are decided, or raise NotAllowed."""
    verdict = Verdict(
        moderator=said.moderator,
        version=Version(pk=seen.version_id),
        state=seen.state,
        reasons=said.reasons,
        note_to_starter=said.note_to_starter if seen.petition.starter_id else "",
        internal_note=said.internal_note,
    )
    return _SERVICES[decision](petition=seen.petition, verdict=verdict)


def _decided(decision: Decision, seen: Seen, said: Said) -> Outcome:
    try:
        decide_one(decision=decision, seen=seen, said=said)
    except Stale as refusal:
        return Outcome(seen.petition, Result.STALE, str(refusal))
    except NotAllowed as refusal:
        return Outcome(seen.petition, Result.REFUSED, str(refusal))
    except OperationalError as fault:
        if not faults.is_passing(fault):
            raise
        return Outcome(
            seen.petition,
            Result.REFUSED,
            _("Somebody else is working on it just now; try again in a minute."),
        )
    return Outcome(seen.petition, Result.DONE)
