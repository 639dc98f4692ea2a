"""What moderators can do to a signature: each has a permission, a question, and the service that does it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import User
from lib.text import clean_text
from signatures.models import Kind, Signature, State
from signatures.models.removal import LONGEST_NOTE
from signatures.roles import HIDE, RELEASE, REMOVE
from signatures.services import hiding, removing

Answer = dict[str, Any]
CarryOut = Callable[[Sequence[Signature], User, Answer], set[int]]


class WhyForm(forms.Form):
    """Why a moderator decides so; it stays in the record."""

    why = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the record; only moderators and administrators read it. Name nobody."),
    )

    def __init__(self, *args: Any, required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = required

    def clean_why(self) -> str:
        """Return the text without what nobody can see."""
        return clean_text(self.cleaned_data["why"])


class RemovalForm(WhyForm):
    """Why signatures are removed, for the public and for the record."""

    kind = forms.ChoiceField(
        label=_("Why, for the public"),
        choices=[("", _("Choose one")), *Kind.choices],
        help_text=_("The petition’s page says how many were removed for each of these reasons."),
    )
    field_order = ["kind", "why"]


@dataclass(frozen=True)
class Decision:
    """One thing that can be done: where it fits, what is asked first, what is said afterwards, who does it."""

    code: str
    permission: str
    label: Any
    question: Any
    done: Any
    fits: Callable[[Signature], bool]
    carry_out: CarryOut
    needs_why: bool = False
    form: type[WhyForm] = WhyForm


def _each(service: Callable[..., bool]) -> CarryOut:
    """Let a service for one signature do it to each, and return the numbers of those it was done to."""

    def carry_out(signatures: Sequence[Signature], by: User, answer: Answer) -> set[int]:
        return {signature.pk for signature in signatures if service(signature=signature, by=by)}

    return carry_out


def _remove(signatures: Sequence[Signature], by: User, answer: Answer) -> set[int]:
    return removing.remove(signatures=signatures, kind=answer["kind"], note=answer["why"], by=by)


DECISIONS = {
    decision.code: decision
    for decision in (
        Decision(
            code="release",
            permission=RELEASE,
            label=_("Release"),
            question=_("Release this? From then on it counts."),
            done=ngettext_lazy(
                "%(count)d signature counts now.", "%(count)d signatures count now.", "count"
            ),
            fits=lambda signature: signature.state == State.HELD,
            carry_out=_each(removing.release),
        ),
        Decision(
            code="remove",
            permission=REMOVE,
            label=_("Remove"),
            question=_("Remove this? It no longer counts, its name and reason are no longer shown, and its person can’t sign this petition again. The petition’s page says how many were removed, and why. It can be put back."),
            done=ngettext_lazy("%(count)d signature was removed.", "%(count)d signatures were removed.", "count"),
            fits=lambda signature: signature.state in {State.CONFIRMED, State.HELD},
            carry_out=_remove,
            needs_why=True,
            form=RemovalForm,
        ),
        Decision(
            code="undo-removal",
            permission=REMOVE,
            label=_("Put back"),
            question=_("Put this back? It will be again what it was before it was removed."),
            done=ngettext_lazy("%(count)d signature was put back.", "%(count)d signatures were put back.", "count"),
            fits=lambda signature: signature.state == State.REMOVED,
            carry_out=_each(removing.undo_removal),
        ),
        Decision(
            code="hide-reason",
            permission=HIDE,
            label=_("Hide the reason"),
            question=_("Hide the reason? The signature counts as before; what is written instead stays hidden too."),
            done=ngettext_lazy("%(count)d reason is hidden now.", "%(count)d reasons are hidden now.", "count"),
            fits=lambda signature: bool(signature.reason) and signature.reason_hidden_at is None,
            carry_out=_each(hiding.hide_reason),
            needs_why=True,
        ),
        Decision(
            code="show-reason",
            permission=HIDE,
            label=_("Show the reason again"),
            question=_("Show the reason again? Everybody can read it, with the name if its person shows that."),
            done=ngettext_lazy("%(count)d reason can be read again.", "%(count)d reasons can be read again.", "count"),
            fits=lambda signature: signature.reason_hidden_at is not None,
            carry_out=_each(hiding.show_reason),
        ),
    )
}  # fmt: skip
# What can be done to many at once, from the list.
IN_BULK = ("release", "remove")
