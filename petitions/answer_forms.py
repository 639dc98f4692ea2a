"""What a starter answers after a decision: an objection, or a new wording of what is published."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from petitions.forms import DraftForm, Text
from petitions.models import LONGEST_OBJECTION, Petition
from petitions.services import objecting
from petitions.services.drafting import Draft
from petitions.services.editing import WORDS


class ObjectionForm(forms.Form):
    """Why a rejection or a removal is wrong, in the starter's words."""

    use_required_attribute = False

    text = Text(
        label=_("Why is the decision wrong?"),
        help_text=_("Name the reason that does not apply, and what shows it. You can object once."),
        widget=forms.Textarea(
            attrs={
                "rows": 8,
                "dir": "auto",
                "maxlength": LONGEST_OBJECTION,
                "data-textcount": _("Characters left: {n}"),
            }
        ),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("text")

    def clean_text(self) -> str:
        """Return the text as it is kept, or say why it is no objection."""
        text = str(self.cleaned_data["text"])
        if sentence := objecting.bad_length(text):
            raise forms.ValidationError(sentence)
        return text


class ProposalForm(DraftForm):
    """A new wording of a published petition; what people signed under beside the words is not asked for."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        person: User,
        petition: Petition,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, person=person, petition=petition, typed=typed)
        for name in set(self.fields) - {*WORDS, "basis"}:
            del self.fields[name]
        self.turned &= set(self.fields)
        preview = HTML('{% include "petitions/_text_preview.html" %}')
        self.helper.layout = Layout(*WORDS, preview, "basis")

    def draft(self) -> Draft:
        """Return the words that were typed, once they are valid."""
        return Draft(**{name: self.cleaned_data[name] for name in WORDS})
