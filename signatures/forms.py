"""The forms of signing: what a visitor, a member and somebody with a link say."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout, LayoutObject
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import cached_property, lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_name
from lib.address import canonical, domain_of
from petitions.forms import TOO_LONG, Line, Text
from signatures import consents, origin
from signatures.models import LONGEST_NAME, LONGEST_REASON, Signature
from signatures.services.signing import Choices

NAME_NEEDED = _("Write your name.")
ADDRESS_WRONG = _("Write the whole e-mail address, like name@example.org.")
# What RFC 5321 allows in quotes, and no mailbox of a person has.
_ODD = re.compile(r"[\s<>,;\"\[\]\\]")
LONGEST_ADDRESS, LONGEST_DOMAIN = 254, 253


@cache
def _privacy_link(_language: str | None) -> SafeString:
    """Return the link in the active language, which is made once: each form asks whether there is one."""
    return format_html(
        '<a href="{}" target="_blank">{}</a>', reverse("petitions:privacy"), gettext("The privacy page")
    )


class Carried(forms.CharField):
    """What a form carries along unseen; whatever comes back in it, nobody has to mend it."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\x00", "")


class ChoicesForm(forms.Form):
    """Name, reason and the two choices: what every signature has."""

    name = Line(
        label=_("Your name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={"required": NAME_NEEDED, "max_length": TOO_LONG},
    )
    reason = Text(
        label=_("I’m signing because …"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("Shown on the petition’s page. Moderators can hide it."),
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "dir": "auto",
                "maxlength": LONGEST_REASON,
                "data-textcount": _("Characters left: {n}"),
            }
        ),
        error_messages={"max_length": TOO_LONG},
    )
    public = forms.BooleanField(
        label=_("Show my name with my signature"),
        required=False,
        help_text=_("Otherwise you count as “a supporter”. You can change this at any time."),
    )
    updates = forms.BooleanField(
        label=_("Tell me by e-mail when a goal is reached"),
        required=False,
        help_text=_("When a goal is reached. Each mail has a link that ends them."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, compact: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.compact = compact
        if compact:
            self._shorten()

    @cached_property
    def helper(self) -> FormHelper:
        """Say how the form is laid out, once it is shown."""
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(*self.layout(compact=self.compact))
        return helper

    def layout(self, *, compact: bool) -> list[str | LayoutObject]:
        """Return the fields in their order."""
        ticks = ["public", "updates"]
        return ["name", "reason", *(ticks if compact else [Fieldset(_("Your choices"), *ticks)])]

    def clean_name(self) -> str:
        """Hold the name to the rule for every name."""
        return clean_name(self.cleaned_data["name"])

    def choices(self) -> Choices:
        """Return what was said, once it is valid."""
        return Choices(**{name: self.cleaned_data[name] for name in ("name", "reason", "public", "updates")})

    def _shorten(self) -> None:
        for name in ("reason", "public", "updates"):
            self.fields[name].help_text = ""
        attributes = self.fields["reason"].widget.attrs
        attributes["rows"] = 2
        del attributes["data-textcount"]


class AskForm(ChoicesForm):
    """What a visitor fills in; the mailbox confirms it."""

    # Carried along unseen, and other for each visitor.
    OWN = ("request_key", "stamp")

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=LONGEST_ADDRESS,
        help_text=_("We send one mail with a link to confirm. Your address is never shown to anybody."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": ADDRESS_WRONG, "invalid": ADDRESS_WRONG, "max_length": TOO_LONG},
    )
    consent = forms.BooleanField(
        label=lazy(consents.text, str)(),
        help_text=lazy(lambda: _privacy_link(get_language()), str)(),
        error_messages={"required": _("Agree that your signature is stored, so that it can be counted.")},
    )
    request_key = Carried(required=False, widget=forms.HiddenInput)
    stamp = Carried(required=False, widget=forms.HiddenInput)
    # People don't see it (static/css/site.css); programs that fill in everything do.
    homepage = Carried(required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, compact: bool = False) -> None:
        initial = {} if data else {"request_key": str(uuid4()), "stamp": origin.stamp()}
        super().__init__(data, compact=compact, initial=initial)

    def layout(self, *, compact: bool) -> list[str | LayoutObject]:
        """Return the fields in their order, with what no person sees."""
        ticks = ["public", "updates", "consent"]
        told = ticks if compact else [Fieldset(_("Your choices"), *ticks)]
        trap = HTML('{% include "signatures/_trap.html" %}')
        return ["name", "email", "reason", *told, *self.OWN, trap]

    def as_everybody_gets_it(self) -> SafeString:
        """Return the empty fields without what each visitor gets for themselves: `OWN`, and the token against forgery."""
        helper = self.helper
        helper.disable_csrf = True
        helper.layout = Layout(*(field for field in helper.layout.fields if field not in self.OWN))
        return SafeString(render_crispy_form(self, helper))

    def clean_email(self) -> str:
        """Refuse what no mail could be sent to."""
        email = str(self.cleaned_data["email"])
        if _ODD.search(email) or not email.rpartition("@")[0].isascii():
            raise ValidationError(ADDRESS_WRONG, code="invalid")
        try:
            canonical(email)
        except ValidationError as fault:
            raise ValidationError(ADDRESS_WRONG, code="invalid") from fault
        if len(domain_of(email)) > LONGEST_DOMAIN:
            raise ValidationError(ADDRESS_WRONG, code="invalid")
        return email

    def clean_request_key(self) -> UUID:
        """Return the key of this form, or a new one where it was lost."""
        try:
            return UUID(self.cleaned_data["request_key"])
        except ValueError:
            return uuid4()

    def _shorten(self) -> None:
        super()._shorten()
        self.fields["email"].help_text = _("To confirm your signature. Never shown.")


class MemberForm(ChoicesForm):
    """What a member may say with the one click; the account knows the rest."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        person: User,
        earlier: Signature | None = None,
        compact: bool = False,
    ) -> None:
        self.person = person
        if data is not None and person.name and not data.get("name"):
            # The panel does not ask for a name that is known.
            data = {**{name: data[name] for name in data}, "name": person.name}
        initial = choices_of(earlier) if earlier else {}
        super().__init__(data, compact=compact, initial={**initial, "name": person.name})

    def layout(self, *, compact: bool) -> list[str | LayoutObject]:
        """Return the fields; in the panel a name that is known is not asked for again."""
        fields = super().layout(compact=compact)
        return fields[1:] if compact and self.person.name else fields


class ConfirmForm(ChoicesForm):
    """What was asked for, to be read once more and changed, by whoever has the link."""


class EditForm(ChoicesForm):
    """What can be changed about a signature that counts."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, signature: Signature) -> None:
        super().__init__(data, initial=choices_of(signature))
        del self.fields["name"]

    def layout(self, *, compact: bool) -> list[str | LayoutObject]:
        """Return the fields but for the name."""
        return super().layout(compact=compact)[1:]


def choices_of(signature: Signature) -> dict[str, Any]:
    """Return what was asked for last, or what the signature says."""
    asked = signature.asked or {}
    return {
        name: asked.get(name, getattr(signature, name)) for name in ("name", "reason", "public", "updates")
    }
