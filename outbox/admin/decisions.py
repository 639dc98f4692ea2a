"""What administrators can do with a mail: each has a question, what stands in its way, and the service that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from outbox import deciding
from outbox.models import Message

HANDLE = "outbox.handle_message"


@dataclass(frozen=True)
class Decision:
    """One thing that can be done: what is asked first, what is said afterwards, what may be in the way, who does it."""

    code: str
    label: Any
    question: Any
    done: Any
    obstacle: Callable[[Message], str]
    carry_out: Callable[..., bool]


DECISIONS = {
    decision.code: decision
    for decision in (
        Decision(
            code="resend",
            label=_("Send again"),
            question=_(
                "Put these back into the queue? Each goes out as it was first written, with the same Message-ID. Where a try before may have arrived, the mail is marked so already."
            ),
            done=ngettext_lazy(
                "%(count)d mail is in the queue again.", "%(count)d mails are in the queue again.", "count"
            ),
            obstacle=deciding.why_not_resend,
            carry_out=deciding.resend,
        ),
        Decision(
            code="drop",
            label=_("Drop"),
            question=_(
                "Drop these? They are never sent, and their codes and links are removed. This can’t be undone."
            ),
            done=ngettext_lazy("%(count)d mail was dropped.", "%(count)d mails were dropped.", "count"),
            obstacle=deciding.why_not_drop,
            carry_out=deciding.drop,
        ),
    )
}
