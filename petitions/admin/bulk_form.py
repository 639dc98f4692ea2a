"""What is said about many petitions alike."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from petitions.moderation_forms import NoteField, ReasonsField
from petitions.services import moderation
from petitions.services.in_bulk import Said
from petitions.services.moderation import Decision


class BulkForm(forms.Form):
    """Reasons and notes; approving takes no reasons."""

    required_css_class = "required"

    reasons = ReasonsField(label=gettext_lazy("Reasons"))
    note_to_starter = NoteField(
        label=gettext_lazy("Note to the starters"),
        help_text=gettext_lazy("Each of them gets it in the mail."),
    )
    internal_note = NoteField(
        label=gettext_lazy("Internal note"), help_text=gettext_lazy("For the moderators; never public.")
    )

    def __init__(self, data: Any = None, *, decision: Decision, count: int) -> None:
        super().__init__(data, auto_id="id_bulk_%s", label_suffix="", use_required_attribute=False)
        self.decision, self.count = decision, count
        if not moderation.needs_reason(decision):
            del self.fields["reasons"]

    def clean_reasons(self) -> Any:
        """Ask for a reason: no refusal goes without."""
        if not self.cleaned_data["reasons"]:
            raise forms.ValidationError(_("Choose at least one reason."))
        return self.cleaned_data["reasons"]

    def said(self, moderator: User) -> Said:
        """Return what was said, by whom."""
        given = self.cleaned_data
        reasons = tuple(given.get("reasons", ()))
        return Said(moderator, reasons, given["note_to_starter"], given["internal_note"])

    def follows(self) -> list[str]:
        """Return what a rejection comes to for readers, in sentences; what approving does is the question itself."""
        if self.decision == Decision.APPROVE:
            return []
        if not self.is_valid():
            return [
                _(
                    "Nobody can sign them. Everybody can read them with your reasons, unless one of these hides the text: "
                    "then nobody can, and only the starters learn why."
                )
            ]
        if any(reason.hides for reason in self.cleaned_data["reasons"]):
            return [
                _(
                    "One of your reasons hides the texts: nobody but their starters and moderators can read them."
                )
            ]
        return [_("Nobody can sign them. Everybody can read them with your reasons.")]

    def label(self) -> str:
        """Return what the button says that does it."""
        if self.decision == Decision.APPROVE:
            words = ngettext("Approve %(count)d petition", "Approve %(count)d petitions", self.count)
        else:
            words = ngettext("Reject %(count)d petition", "Reject %(count)d petitions", self.count)
        return words % {"count": self.count}
