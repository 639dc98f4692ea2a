"""What moderators and administrators fill in: a decision, a hand-over, a correction."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib import clock
from petitions.models import DecisionMaker, Petition, Reason, Topic, Transition, Version
from petitions.services import correcting, handover, moderation
from petitions.services.moderation import Decision
from petitions.states import State

LONGEST_NOTE = 4000
# The reason of the first set that fits an imported text without an ask; it may have been retired.
NO_ASK = "no-clear-ask"
_WHAT_FOLLOWS = {
    Decision.APPROVE: gettext_lazy("It is public at once; the starter gets a mail."),
    Decision.REQUEST_CHANGES: gettext_lazy(
        "The starter gets your reasons and note, edits and sends it again."
    ),
    Decision.REJECT: gettext_lazy("It stays unpublished; the starter gets your reasons and note."),
    Decision.TAKE_DOWN: gettext_lazy("Its page says that it was taken down; signatures are kept."),
    Decision.RESTORE: gettext_lazy("It goes back to where it was, with its original dates."),
}


class ReasonsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """Reasons as check boxes, each with what the public will read."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, queryset: QuerySet[Reason] | None = None, **options: Any) -> None:
        super().__init__(
            queryset=Reason.objects.in_use() if queryset is None else queryset, required=False, **options
        )

    def label_from_instance(self, obj: Reason) -> SafeString:
        """Return title, mark and public text of a reason."""
        hides = (
            format_html(' <span class="state state-rejected">{}</span>', _("hides the text"))
            if obj.hides
            else ""
        )
        title = format_html("<span><strong>{}</strong>{}</span>", obj.title, hides)
        return format_html('{} <span class="meaning">{}</span>', title, obj.public_text)


class NoteField(forms.CharField):
    """A few free sentences."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField", "dir": "auto"})
        super().__init__(required=False, max_length=LONGEST_NOTE, widget=widget, **options)


class DecisionForm(forms.Form):
    """One decision on a petition as it was shown: its version and state travel with the form."""

    required_css_class = "required"

    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(choices=State.choices, widget=forms.HiddenInput)
    decision = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    reasons = ReasonsField(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("What the starter and, unless a reason hides the text, everybody will read."),
    )
    note_to_starter = NoteField(
        label=gettext_lazy("Note to the starter"),
        help_text=gettext_lazy("Goes into the mail, in your words."),
    )
    internal_note = NoteField(
        label=gettext_lazy("Internal note"),
        help_text=gettext_lazy("Stays in the record; moderators alone read it."),
    )

    def __init__(self, data: Any = None, *, petition: Petition) -> None:
        shown = {"version": petition.version_id, "state": petition.state}
        super().__init__(data, initial=shown, label_suffix="", use_required_attribute=False)
        self.petition = petition
        self.decisions = [
            each for each in moderation.possible(petition) if not moderation.obstacle(petition, each)
        ]
        self._offer(self.decisions)

    def clean(self) -> dict[str, Any]:
        """Refuse a decision that lacks its reason, and reasons that would be lost."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "decision" not in cleaned or "reasons" not in self.fields:
            return cleaned
        needs_reason = moderation.needs_reason(Decision(cleaned["decision"]))
        if needs_reason and not cleaned.get("reasons") and "reasons" not in self.errors:
            self.add_error("reasons", _("Choose at least one reason."))
        if cleaned.get("reasons") and not needs_reason:
            self.add_error(
                "reasons", _("Reasons go with a refusal, but you chose to approve. Take one of them back.")
            )
        return cleaned

    def is_of(self, petition: Petition) -> bool:
        """Tell whether the petition still is as this form showed it, by its raw values."""
        return self._raw("version") == str(petition.version_id) and self._raw("state") == petition.state

    def carry_out(self, moderator: User) -> Transition:
        """Hand the valid decision to its service."""
        given: dict[str, Any] = {
            name: self.cleaned_data.get(name, "") for name in ("internal_note", "note_to_starter")
        }
        given |= {"petition": self.petition, "moderator": moderator}
        given["version"] = Version(pk=self.cleaned_data["version"])
        reasons = self.cleaned_data.get("reasons", ())
        match Decision(self.cleaned_data["decision"]):
            case Decision.APPROVE:
                return moderation.approve(**given)
            case Decision.REQUEST_CHANGES:
                return moderation.request_changes(**given, reasons=reasons)
            case Decision.REJECT:
                return moderation.reject(**given, reasons=reasons)
            case Decision.TAKE_DOWN:
                return moderation.take_down(**given, reasons=reasons, state=State(self.cleaned_data["state"]))
        given.pop("note_to_starter")
        return moderation.restore(**given)

    def typed(self) -> list[tuple[str, str]]:
        """Return the notes as typed, so that a page that refuses them can give them back."""
        notes = {name: self._raw(name) for name in ("note_to_starter", "internal_note")}
        return [(str(self.base_fields[name].label), text) for name, text in notes.items() if text.strip()]

    def _offer(self, decisions: list[Decision]) -> None:
        """Leave out what makes no sense for these decisions; a single one needs no choosing."""
        field = self.fields["decision"]
        field.choices = [(each.value, _choice(each)) for each in decisions]  # type: ignore[attr-defined]
        if len(decisions) == 1:
            field.initial, field.widget = decisions[0].value, forms.HiddenInput()
        if not any(moderation.needs_reason(each) for each in decisions):
            del self.fields["reasons"]
        if decisions == [Decision.RESTORE] or self.petition.starter_id is None:
            del self.fields["note_to_starter"]

    def _raw(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), ""))


class HandOverForm(forms.Form):
    """To whom an imported petition is given."""

    required_css_class = "required"

    address = forms.EmailField(
        label=gettext_lazy("E-mail address of the member"),
        help_text=gettext_lazy("Of an account that has proven this address. The member becomes the starter."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )
    reasons = ReasonsField(
        Reason.objects.in_use().filter(hides=False), label=gettext_lazy("What the member has to add")
    )
    note_to_starter = NoteField(label=gettext_lazy("Note to the member"))

    def __init__(self, data: Any = None, *, petition: Petition) -> None:
        initial = {"reasons": Reason.objects.in_use().filter(code=NO_ASK)}
        options: dict[str, Any] = {"label_suffix": "", "use_required_attribute": False}
        super().__init__(data, auto_id="id_hand_over_%s", initial=initial, **options)
        self.petition = petition
        if not handover.goes_back(petition):
            del self.fields["reasons"], self.fields["note_to_starter"]

    def clean_address(self) -> User:
        """Return the member, or say that there is none."""
        member = handover.member_with(self.cleaned_data["address"])
        if member is None:
            raise forms.ValidationError(_("No member has proven this address."))
        return member

    def clean_reasons(self) -> Any:
        """Ask for a reason: the record of moves wants one."""
        if not self.cleaned_data["reasons"]:
            raise forms.ValidationError(_("Choose at least one reason."))
        return self.cleaned_data["reasons"]

    def carry_out(self, administrator: User) -> Transition | None:
        """Hand the petition over."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "address"}
        member = self.cleaned_data["address"]
        return handover.hand_over(petition=self.petition, member=member, administrator=administrator, **given)


class CorrectionForm(forms.ModelForm[Petition]):
    """Topic, decision maker and last day; the words and the state are not an administrator's to change."""

    topic = forms.ModelChoiceField(Topic.objects.none(), label=gettext_lazy("Topic"), required=False)
    decision_maker = forms.ModelChoiceField(
        DecisionMaker.objects.none(),
        label=gettext_lazy("Decision maker"),
        required=False,
        help_text=gettext_lazy(
            "Those that are offered to starters. Another one makes a new version of the text."
        ),
    )
    closes_at = forms.DateTimeField(
        label=gettext_lazy("Closes"),
        required=False,
        help_text=gettext_lazy("In your own time zone; empty means that it stays open."),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local"}),
    )

    class Meta:
        model = Petition
        fields = ("topic", "closes_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = self.instance.version
        makers = DecisionMaker.objects.filter(listed=True).order_by("name", "pk")
        self._offer("decision_maker", makers, version.decision_maker_id if version else None)
        self._offer("topic", Topic.objects.in_use(), self.instance.topic_id)

    def clean_closes_at(self) -> Any:
        """Refuse a new last day that is over already: ending a petition is a decision, not a correction."""
        closes_at = self.cleaned_data["closes_at"]
        if closes_at and "closes_at" in self.changed_data and closes_at <= clock.now():
            raise forms.ValidationError(_("Choose a time to come."))
        return closes_at

    def carry_out(self, administrator: User) -> Petition:
        """Correct what was changed in the form, and nothing else."""
        changed: Any = {name: self.cleaned_data[name] for name in self.changed_data}
        return correcting.correct(petition=self.instance, administrator=administrator, correction=changed)

    def _offer(self, name: str, rows: QuerySet[Any], current: int | None) -> None:
        """Offer what starters are offered, and what is there now; what is there can't be emptied."""
        field: Any = self.fields[name]
        field.queryset, field.initial, field.required = (
            rows | rows.model.objects.filter(pk=current or 0),
            current,
            bool(current),
        )


def _choice(decision: Decision) -> SafeString:
    return format_html(
        '<strong>{}</strong> <span class="meaning">{}</span>', decision.label, _WHAT_FOLLOWS[decision]
    )
