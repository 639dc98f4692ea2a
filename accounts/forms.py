"""The forms of an account that are not allauth's own."""

from typing import Any

from allauth.account import forms as allauth_forms
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import LONGEST_NAME, User
from accounts.names import clean_name
from accounts.preferences import zone_choices


class NameField(forms.CharField):
    """How a person wants to be called; may be left empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Your name"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "name"}))
        super().__init__(max_length=LONGEST_NAME, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the name as it may be shown."""
        return clean_name(super().clean(value) or "")


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]
    """Address and, for those who have set one, password; without it a code is sent."""

    def _setup_password_field(self) -> None:
        # allauth drops the field where signing up asks for no password; here it stays and may be empty.
        self.fields["password"].required = False


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]
    """An address and, for those who like, a name."""

    name = NameField(
        help_text=_("Shown with petitions that you start. You can leave it empty and add it later.")
    )


class ProfileForm(forms.ModelForm[User]):
    """Name, language and time zone; the language only where there is a choice."""

    name = NameField(help_text=_("Shown with petitions that you start."))
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]
        else:
            self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save")))


class AddPersonForm(forms.ModelForm[User]):
    """An administrator adds somebody by their address; they sign in by code."""

    name = NameField(label=_("Name"))

    class Meta:
        model = User
        fields = ["email", "name", "is_staff", "groups"]

    def clean_email(self) -> str:
        """Return the address in the form in which allauth looks it up."""
        return str(self.cleaned_data["email"]).lower()
