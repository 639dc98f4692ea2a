"""The question of a removal: what the signatures have in common that are to be removed."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.address import domain_of
from lib.text import clean_line, clean_text
from petitions.models import Petition
from signatures.models import Kind
from signatures.models.removal import LONGEST_NOTE, LONGEST_PATTERN, MOST_DOMAINS
from signatures.services.removing_many import Question

_NETWORK = re.compile(r"[0-9a-f]{64}")
_BETWEEN = re.compile(r"[\s,;]+")
LONGEST_LIST, LONGEST_DOMAIN = 10_000, 253
CRITERIA = ("domains", "network", "asked_from", "asked_before", "name_pattern")


def shown_network(network: bytes) -> str:
    """Return the short sign by which moderators tell networks apart; it leads back to no address."""
    return bytes(network).hex()[:8]


class Moment(forms.DateTimeField):
    """A minute, chosen and read in the moderator’s time zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class QuestionForm(forms.Form):
    """Which signatures, and why."""

    petition = forms.IntegerField(
        label=gettext_lazy("Number of the petition"),
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text=gettext_lazy("Left empty: all petitions."),
    )
    domains = forms.CharField(
        label=gettext_lazy("Mail domains"),
        required=False,
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=gettext_lazy("One in each line, like example.org."),
    )
    network = forms.CharField(label=gettext_lazy("Network"), required=False)
    asked_from = Moment(label=gettext_lazy("Asked from"), required=False)
    asked_before = Moment(
        label=gettext_lazy("Asked before"),
        required=False,
        help_text=gettext_lazy("When the form was sent, in your time zone."),
    )
    name_pattern = forms.CharField(
        label=gettext_lazy("Name like"),
        required=False,
        max_length=LONGEST_PATTERN,
        help_text=gettext_lazy(
            "The whole name; * stands for anything and ? for one character. Capitals don’t matter."
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Why, for the public"),
        choices=[("", gettext_lazy("Choose one")), *Kind.choices],
        help_text=gettext_lazy("The petition’s page says how many were removed for each of these reasons."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note for moderators"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("How you know. Name nobody."),
    )

    def __init__(self, *args: Any, networks: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        chosen = str((self.data if self.is_bound else self.initial).get("network", ""))
        known = dict(networks)
        if _NETWORK.fullmatch(chosen):
            known.setdefault(chosen, chosen[:8])
        self.fields["network"] = forms.ChoiceField(
            label=gettext_lazy("Network"),
            required=False,
            choices=[("", gettext_lazy("Any")), *known.items()],
            help_text=gettext_lazy("Only a scrambled sign of it is kept, no address."),
        )

    def clean_petition(self) -> Petition | None:
        """Return the petition of this number."""
        number = self.cleaned_data["petition"]
        if number is None:
            return None
        found = Petition.objects.with_text().filter(pk=number).first()
        if found is None:
            raise ValidationError(_("There is no petition with this number."))
        return found

    def clean_domains(self) -> tuple[str, ...]:
        """Return the domains as signatures have them."""
        typed = [part.removeprefix("@") for part in _BETWEEN.split(self.cleaned_data["domains"]) if part]
        found = dict.fromkeys(domain_of(f"x@{part}") for part in typed)
        if len(found) > MOST_DOMAINS:
            raise ValidationError(_("Ask for at most %(most)d domains at once.") % {"most": MOST_DOMAINS})
        if any(len(domain) > LONGEST_DOMAIN for domain in found):
            raise ValidationError(_("One of these is too long for a domain."))
        return tuple(found)

    def clean_name_pattern(self) -> str:
        """Return the pattern on one line; one that fits every name asks for nothing."""
        pattern = clean_line(self.cleaned_data["name_pattern"])
        if pattern and not pattern.strip("*? "):
            raise ValidationError(_("This fits every name. Write a part of the name beside the stars."))
        return pattern

    def clean_note(self) -> str:
        """Return the text without what nobody can see."""
        note = clean_text(self.cleaned_data["note"])
        if not note:
            raise ValidationError(_("Write down how you know."))
        return note

    def clean(self) -> dict[str, Any]:
        """Ask for something, within a window that runs forward."""
        said = super().clean() or {}
        begin, end = said.get("asked_from"), said.get("asked_before")
        if begin and end and begin >= end:
            self.add_error("asked_before", _("This is not after the beginning."))
        if not self.errors and not any(said.get(name) for name in CRITERIA):
            raise ValidationError(
                _(
                    "Say what they have in common: a domain, a network, a time or a name. All of them is no answer."
                )
            )
        return said

    def question(self) -> Question:
        """Return what is asked, once it is valid."""
        said = {name: self.cleaned_data[name] for name in ("petition", *CRITERIA)}
        return Question(**{**said, "network": bytes.fromhex(said["network"]) if said["network"] else None})
