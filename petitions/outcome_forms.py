"""What moderators fill in to answer a starter: an objection is upheld or dismissed, a new wording accepted or declined."""

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from petitions.models import Edit, Objection
from petitions.moderation_forms import NoteField
from petitions.services import editing, objecting


class Outcome(models.TextChoices):
    """What can become of an objection or of a new wording."""

    UPHOLD = "uphold", gettext_lazy("Uphold the objection")
    DISMISS = "dismiss", gettext_lazy("Dismiss the objection")
    ACCEPT = "accept", gettext_lazy("Accept the new wording")
    DECLINE = "decline", gettext_lazy("Decline the new wording")


_FOLLOWS: dict[str, Any] = {
    Outcome.UPHOLD: gettext_lazy(
        "The decision is undone: what was rejected waits for another moderator, what was taken down is back."
    ),
    Outcome.DISMISS: gettext_lazy("The decision stands, and nothing can be objected to that."),
    Outcome.ACCEPT: gettext_lazy(
        "Everybody reads it from now on; each signature keeps the wording it was given to."
    ),
    Outcome.DECLINE: gettext_lazy("The wording that is shown stays; the starter may propose another."),
}


class AnswerForm(forms.Form):
    """One of two outcomes, with a note to the starter; the outcome that refuses has to say why."""

    required_css_class = "required"
    outcomes: ClassVar[tuple[Outcome, ...]]
    refusing: ClassVar[Outcome]

    outcome = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    note = NoteField(
        label=gettext_lazy("Note to the starter"),
        help_text=gettext_lazy("Goes into the mail, in your words. A refusal has to say why."),
    )

    def __init__(self, data: Any = None, *, row: Any, person: User) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)
        self.row, self.person = row, person
        choices = [(each.value, _choice(each)) for each in self.offered()]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]

    def offered(self) -> tuple[Outcome, ...]:
        """Return the outcomes that are possible now."""
        return self.outcomes

    def clean(self) -> dict[str, Any]:
        """Want a reason for a refusal."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("outcome") == self.refusing and not cleaned.get("note", "").strip():
            self.add_error("note", _("Tell the starter why."))
        return cleaned

    def follows(self) -> list[Any]:
        """Return what the valid outcome would come to, in sentences."""
        return [_FOLLOWS[self.cleaned_data["outcome"]]]

    def label(self) -> str:
        """Return the name of the valid outcome."""
        return str(Outcome(self.cleaned_data["outcome"]).label)

    def typed(self) -> list[tuple[str, str]]:
        """Return what was chosen and typed, so that a page that refuses it can give it back."""
        chosen = str(self.data.get("outcome", ""))
        label = str(Outcome(chosen).label) if chosen in self.outcomes else ""
        lines = [(_("Decision"), label), (str(self.fields["note"].label), str(self.data.get("note", "")))]
        return [(name, text) for name, text in lines if text.strip()]


class ObjectionForm(AnswerForm):
    """What becomes of an objection."""

    row: Objection
    outcomes = (Outcome.UPHOLD, Outcome.DISMISS)
    refusing = Outcome.DISMISS

    def carry_out(self) -> None:
        """Hand the valid outcome to its service."""
        note = self.cleaned_data["note"]
        if self.cleaned_data["outcome"] == Outcome.UPHOLD:
            objecting.uphold(objection=self.row, senior=self.person, note=note)
        else:
            objecting.dismiss(objection=self.row, senior=self.person, note=note)


class EditForm(AnswerForm):
    """What becomes of a new wording."""

    row: Edit
    outcomes = (Outcome.ACCEPT, Outcome.DECLINE)
    refusing = Outcome.DECLINE

    def offered(self) -> tuple[Outcome, ...]:
        """Leave accepting out where the proposal would undo what has changed meanwhile."""
        return (Outcome.DECLINE,) if editing.is_outdated(self.row) else self.outcomes

    def carry_out(self) -> None:
        """Hand the valid outcome to its service."""
        note = self.cleaned_data["note"]
        if self.cleaned_data["outcome"] == Outcome.ACCEPT:
            editing.accept(edit=self.row, moderator=self.person, note=note)
        else:
            editing.decline(edit=self.row, moderator=self.person, note=note)


def _choice(outcome: Outcome) -> Any:
    return format_html(
        '<strong>{}</strong> <span class="meaning">{}</span>', outcome.label, _FOLLOWS[outcome]
    )
