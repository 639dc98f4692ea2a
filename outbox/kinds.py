"""The kinds of mail there are; each room registers those whose recipients it chooses."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from outbox.models import Lane, Message

# The numbers of those mails that are still wanted.
WantedAmong: TypeAlias = Callable[[Sequence[Message]], Collection[int]]
_LANES = {"urgent": Lane.URGENT, "bulk": Lane.BULK}


class UnknownKindError(LookupError):
    """Somebody posts or sends a mail of a kind that no room registered."""


@dataclass(frozen=True)
class Kind:
    """A kind of mail: its templates, its lane, and what must hold when one leaves.

    `template` is the path below `templates/emails/` without its three endings. `secrets` are keys of the context
    that are blanked once the mail has left and never shown. `still_wanted` is asked right before sending;
    `wanted_among` answers the same for many at once, by their numbers. `key_is_spent` says that nothing can post the
    same key again, so that old rows are deleted rather than emptied. `personal` are keys whose values differ from
    mail to mail, and that templates show as they are and nothing else; what such mails share is made once.
    """

    name: str
    template: str
    lane: Literal["urgent", "bulk"] = "urgent"
    bulk: bool = False
    secrets: tuple[str, ...] = ()
    still_wanted: Callable[[Message], bool] | None = None
    wanted_among: WantedAmong | None = None
    unsubscribe_url: Callable[[Message], str] | None = None
    key_is_spent: bool = False
    personal: tuple[str, ...] = ()

    @property
    def lane_number(self) -> Lane:
        """Return the lane as the rows have it."""
        return _LANES[self.lane]

    def template_names(self) -> tuple[str, str, str]:
        """Return the templates of subject, text and HTML."""
        stem = f"emails/{self.template}"
        return f"{stem}.subject.txt", f"{stem}.txt", f"{stem}.html"


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; a name that another kind has is a programming error."""
    if _kinds.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"The mail kind {kind.name!r} is registered twice.")


def get(name: str) -> Kind:
    """Return the kind of this name, or raise UnknownKindError that names the known ones."""
    try:
        return _kinds[name]
    except KeyError:
        known = ", ".join(sorted(_kinds)) or "none"
        raise UnknownKindError(f"There is no mail kind {name!r}; registered are: {known}.") from None


def registered() -> tuple[Kind, ...]:
    """Return every kind, in the order of registration."""
    return tuple(_kinds.values())
