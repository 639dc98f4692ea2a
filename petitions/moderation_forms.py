"""What moderators and administrators fill in besides a decision: a note, a hand-over, a correction."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib import clock
from petitions.models import LONGEST_NOTE, DecisionMaker, Petition, Reason, Topic, Transition, Version
from petitions.services import correcting, handover
from petitions.services.moderation import Verdict
from petitions.states import NotAllowed, State

# What a key of a row can have at most.
LONGEST_NUMBER = 18
# The reason of the first set that fits an imported text without an ask; it may have been retired.
NO_ASK = "no-clear-ask"


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


class NoteForm(forms.Form):
    """What one moderator tells the others."""

    text = forms.CharField(
        label=gettext_lazy("Note for the other moderators"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField", "dir": "auto"}),
        help_text=gettext_lazy("Never public, never changed. The starter does not see it."),
        error_messages={"required": gettext_lazy("Write something first.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_note_%s", label_suffix="", use_required_attribute=False)


class AsShown(forms.Form):
    """A form about a petition as it was shown: its version and state travel with it."""

    required_css_class = "required"

    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(choices=State.choices, widget=forms.HiddenInput)

    def is_of(self, petition: Petition) -> bool:
        """Tell whether the petition still is as this form showed it, by its raw values."""
        return self._raw("version") == str(petition.version_id) and self._raw("state") == petition.state

    def chosen_reasons(self) -> str:
        """Return the titles of the reasons that were chosen, whatever is offered now."""
        keys = self.data.getlist("reasons") if hasattr(self.data, "getlist") else []
        numbers = [each for each in keys if each.isdecimal() and len(each) <= LONGEST_NUMBER]
        if not numbers:
            return ""
        chosen = Reason.objects.filter(pk__in=numbers).order_by("position", "code")
        return "; ".join(chosen.values_list("title", flat=True))

    def _raw(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), ""))


class HandOverForm(AsShown):
    """To whom an imported petition is given."""

    address = forms.EmailField(
        label=gettext_lazy("E-mail address of the member"),
        help_text=gettext_lazy("Of an account that has proven this address. The member becomes the starter."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )
    reasons = ReasonsField(
        Reason.objects.in_use().filter(hides=False), label=gettext_lazy("What the member has to add")
    )
    note_to_starter = NoteField(label=gettext_lazy("Note to the member"))

    def __init__(self, data: Any = None, *, petition: Petition, administrator: User) -> None:
        initial = {
            "version": petition.version_id,
            "state": petition.state,
            "reasons": Reason.objects.in_use().filter(code=NO_ASK),
        }
        options: dict[str, Any] = {"label_suffix": "", "use_required_attribute": False}
        super().__init__(data, auto_id="id_hand_over_%s", initial=initial, **options)
        self.petition, self.administrator = petition, administrator
        self.goes_back = handover.goes_back(petition)
        if not self.goes_back:
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

    def typed(self) -> list[tuple[str, str]]:
        """Return what was chosen and typed, so that a page that refuses it can give it back."""
        address, reasons, note = (
            str(self.base_fields[name].label) for name in ("address", "reasons", "note_to_starter")
        )
        lines = [
            (address, self._raw("address")),
            (reasons, self.chosen_reasons()),
            (note, self._raw("note_to_starter")),
        ]
        return [(label, text) for label, text in lines if text.strip()]

    def follows(self) -> list[str]:
        """Return what comes of it, in sentences."""
        if self.goes_back:
            return [
                _("The member becomes the starter, gets your reasons and note, edits and sends it again.")
            ]
        return [_("The member becomes the starter and is told so; the petition stays where it is.")]

    def label(self) -> str:
        """Return what the button says that does it."""
        return _("Hand over")

    def carry_out(self) -> Transition | None:
        """Hand the petition over."""
        given = self.cleaned_data
        verdict = Verdict(
            moderator=self.administrator,
            version=Version(pk=given["version"]),
            state=given["state"],
            reasons=given.get("reasons", ()),
            note_to_starter=given.get("note_to_starter", ""),
        )
        return handover.hand_over(petition=self.petition, member=given["address"], verdict=verdict)


class CorrectionForm(forms.ModelForm[Petition]):
    """Topic, decision maker and last day; the words and the state are not an administrator's to change."""

    basis = forms.CharField(required=False, widget=forms.HiddenInput)
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
        self.fields["basis"].initial = correcting.fingerprint(self.instance)

    def clean_closes_at(self) -> Any:
        """Refuse a new last day that is over already: ending a petition is a decision, not a correction."""
        closes_at = self.cleaned_data["closes_at"]
        if closes_at and "closes_at" in self.changed_data and closes_at <= clock.now():
            raise forms.ValidationError(_("Choose a time to come."))
        return closes_at

    def carry_out(self, administrator: User) -> Petition:
        """Correct what was changed in the form, and nothing else."""
        if "closes_at" not in self.fields and self.data.get("closes_at"):
            raise NotAllowed(correcting.ENDED)
        changed: Any = {name: self.cleaned_data[name] for name in self.changed_data if name != "basis"}
        basis = self.cleaned_data["basis"]
        return correcting.correct(
            petition=self.instance, administrator=administrator, correction=changed, basis=basis
        )

    def typed(self) -> list[tuple[str, str]]:
        """Return what was chosen and typed, so that a page that refuses it can give it back."""
        given = {name: str(self.data.get(name, "")) for name in ("topic", "decision_maker", "closes_at")}
        for name in ("topic", "decision_maker"):
            given[name] = self._name_of(name, given[name])
        given["closes_at"] = given["closes_at"].replace("T", " ")
        labels = CorrectionForm.base_fields
        return [(str(labels[name].label), text) for name, text in given.items() if text]

    def _name_of(self, field: str, key: str) -> str:
        offered: Any = self.fields[field]
        row = (
            offered.queryset.filter(pk=key).first()
            if key.isdecimal() and len(key) <= LONGEST_NUMBER
            else None
        )
        return str(row.name) if row else ""

    def _offer(self, name: str, rows: QuerySet[Any], current: int | None) -> None:
        """Offer what starters are offered, and what is there now; what is there can't be emptied."""
        field: Any = self.fields[name]
        field.queryset, field.initial, field.required = (
            rows | rows.model.objects.filter(pk=current or 0),
            current,
            bool(current),
        )
