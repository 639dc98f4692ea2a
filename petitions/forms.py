"""The form that makes a petition. A draft needs its title alone; what the moderators need besides is marked as needed."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_name
from lib.text import BIDI_CONTROLS, clean_line, clean_text
from petitions.goals import FIRST_GOAL_DEFAULT, FIRST_GOAL_MAX, FIRST_GOAL_MIN
from petitions.languages import LANGUAGES
from petitions.models import (
    LONGEST_ASK,
    LONGEST_BODY,
    LONGEST_NAME,
    LONGEST_TITLE,
    DecisionMaker,
    Petition,
    Topic,
)
from petitions.services.drafting import Draft, draft_of

WORDS = ("title", "decision_maker", "ask", "body", "starter_name")
NEEDED_TO_SEND = {
    "title": _("Write in a few words what should happen."),
    "decision_maker": _("Name the person or the office that can make it happen."),
    "ask": _("Say in one or two sentences what you ask for; the text itself does not."),
    "body": _("Say why it should happen."),
    "topic": _("Choose the topic that fits best."),
    "starter_name": _("Write the name that people will see."),
}
TOO_LONG = ngettext_lazy(
    "This may have %(limit_value)d character; it has %(show_value)d.",
    "This may have at most %(limit_value)d characters; it has %(show_value)d. Please shorten it.",
    "limit_value",
)
GOAL_RANGE = _("Write a whole number between 1 and 10,000,000.")
TURNED = _(
    "This had invisible characters that turn the direction of text; they often come along when text is copied. "
    "We took them out. Look whether it still reads as you mean it, then save again."
)
# A grouped number as people write it in one language or another: 1,000 or 1.000 or 1’000 or 1 000.
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’\s]\d{3})+")
_TURNING = dict.fromkeys([*map(ord, BIDI_CONTROLS), 0])
DECISION_MAKERS_OFFERED = 500


class _NeededLater:
    """Reads as needed, as the moderators will need it, and accepts nothing, as a draft may lack it."""

    empty_values: Any

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)  # type: ignore[misc]


class Line(forms.CharField):
    """One line with single spaces; empty where there is nothing to see."""

    def to_python(self, value: Any) -> str:
        return _seen(clean_line(super().to_python(value) or ""))


class NeededLine(_NeededLater, Line):
    """A line that a draft may lack."""


class Text(_NeededLater, forms.CharField):
    """Several paragraphs, tidied as they are stored."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leave `maxlength` out: it makes browsers cut what is pasted, without a word."""
        return {}

    def to_python(self, value: Any) -> str:
        return _seen(clean_text(super().to_python(value) or ""))


class TopicField(_NeededLater, forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the topics that are in use."""


class GoalField(_NeededLater, forms.IntegerField):
    """A number that may be written with groups of thousands; the usual one where nothing is written."""

    def to_python(self, value: Any) -> int:
        written = str(value or "").strip()
        if _GROUPED.fullmatch(written):
            written = re.sub(r"\D", "", written)
        number = super().to_python(written)
        return FIRST_GOAL_DEFAULT if number is None else number


class OfferedInput(forms.TextInput):
    """A text field that offers the listed decision makers and takes any other."""

    template_name = "petitions/_offered_input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        listed = DecisionMaker.objects.filter(listed=True).order_by("name", "pk")
        return {
            **super().get_context(name, value, {**(attrs or {}), "list": "decision-makers"}),
            "offered": listed.values_list("name", flat=True)[:DECISION_MAKERS_OFFERED],
        }


class DraftForm(forms.Form):
    """Everything that a starter writes and chooses."""

    use_required_attribute = False

    title = Line(
        label=_("What should happen?"),
        max_length=LONGEST_TITLE,
        help_text=_("One ask, as a request: a verb and a thing."),
        widget=forms.TextInput(attrs={"data-textcount": _("Characters left: {n}"), "autocomplete": "off"}),
        error_messages={"required": NEEDED_TO_SEND["title"], "max_length": TOO_LONG},
    )
    decision_maker = NeededLine(
        label=_("Who can make it happen?"),
        max_length=LONGEST_NAME,
        help_text=_("A person or an office: pick one from the list or name another."),
        widget=OfferedInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": TOO_LONG},
    )
    ask = NeededLine(
        label=_("What do you ask for, in one or two sentences?"),
        required=False,
        max_length=LONGEST_ASK,
        help_text=_("It stands below the title in lists; without it, your text’s beginning does."),
        widget=forms.Textarea(attrs={"rows": 2, "data-textcount": _("Characters left: {n}")}),
        error_messages={"required": NEEDED_TO_SEND["ask"], "max_length": TOO_LONG},
    )
    body = Text(
        label=_("Why should it happen?"),
        max_length=LONGEST_BODY,
        help_text=_("Who is affected, what goes wrong today, what would change. Name your sources."),
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
        error_messages={"max_length": TOO_LONG},
    )
    topic = TopicField(
        label=_("Topic"), queryset=Topic.objects.none(), empty_label=_("Choose the topic that fits best")
    )
    first_goal = GoalField(
        label=_("First goal"),
        min_value=FIRST_GOAL_MIN,
        max_value=FIRST_GOAL_MAX,
        help_text=_(
            "How many signatures to reach first; 100 is a good start. When it is reached, the next goal follows "
            "by itself. It can’t be changed once the petition is published."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": GOAL_RANGE, "min_value": GOAL_RANGE, "max_value": GOAL_RANGE},
    )
    language = forms.ChoiceField(label=_("Language of your text"), choices=LANGUAGES)
    starter_name = NeededLine(
        label=_("Your name, as people will see it"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"max_length": TOO_LONG},
    )
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    basis = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        person: User | AnonymousUser,
        petition: Petition | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        initial = {**_blank(), **(_words_of(petition) if petition else {}), **(typed or {})}
        if person.is_authenticated and not initial.get("starter_name"):
            initial["starter_name"] = person.name
        self.turned = {name for name in WORDS if data and BIDI_CONTROLS.intersection(data.get(name, ""))}
        super().__init__(_unturned(data), initial=initial)
        topics = Topic.objects.in_use()
        if petition and petition.topic_id:
            topics |= Topic.objects.filter(pk=petition.topic_id)
        self.fields["topic"].queryset = topics  # type: ignore[attr-defined]
        self.fields["ask"].required = bool(petition and petition.needs_ask)
        self.helper = _helper()

    def clean_starter_name(self) -> str:
        """Hold a starter's name to the rule for every name."""
        return clean_name(self.cleaned_data["starter_name"])

    def clean_request_key(self) -> UUID:
        """Return the key of this form, or a new one where it was lost."""
        return self.cleaned_data["request_key"] or uuid4()

    def clean(self) -> dict[str, Any]:
        """Say once where characters were taken out of what was typed."""
        for name in sorted(self.turned):
            self.add_error(name, TURNED)
        return self.cleaned_data

    def draft(self) -> Draft:
        """Return what was typed, once it is valid."""
        values = dict(self.cleaned_data)
        del values["request_key"], values["basis"]
        return Draft(**values)

    def typed(self) -> dict[str, str]:
        """Return what was typed, valid or not."""
        return {name: str(self.data.get(name, "")) for name in self.fields}

    def name_missing(self, missing: list[str]) -> None:
        """Say at each of these fields that the moderators need it."""
        for name in missing:
            self.add_error(name, NEEDED_TO_SEND[name])


def as_data(petition: Petition) -> dict[str, Any]:
    """Return the petition's words as if they had been typed and sent, for a form that says what is missing."""
    return {name: "" if value is None else value for name, value in _words_of(petition).items()}


def _seen(value: str) -> str:
    """Return the value, or nothing where it has only spaces and invisible characters."""
    return value if any(unicodedata.category(character)[0] not in "CZ" for character in value) else ""


def _unturned(data: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if data is None:
        return None
    return {name: data[name].translate(_TURNING) if name in WORDS else data[name] for name in data}


def _blank() -> dict[str, Any]:
    language = (get_language() or "").partition("-")[0]
    return {
        "first_goal": FIRST_GOAL_DEFAULT,
        "language": language if language in dict(LANGUAGES) else "other",
        "request_key": str(uuid4()),
    }


def _words_of(petition: Petition) -> dict[str, Any]:
    draft = draft_of(petition)
    words = {name: getattr(draft, name) for name in (*WORDS, "first_goal", "language")}
    return {**words, "topic": petition.topic_id, "basis": draft.fingerprint()}


def _helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(
        "title",
        "decision_maker",
        "ask",
        "body",
        HTML('{% include "petitions/_text_preview.html" %}'),
        "topic",
        Div(Div("first_goal", css_class="col-sm-6"), Div("language", css_class="col-sm-6"), css_class="row"),
        "starter_name",
        "request_key",
        "basis",
    )
    return helper
