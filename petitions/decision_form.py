"""The form of a decision on a petition; what may be chosen is what this moderator may do with it now."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from petitions.models import Petition, Reason, Transition, Version
from petitions.moderation_forms import LONGEST_NUMBER, AsShown, NoteField, ReasonsField
from petitions.services import moderation
from petitions.services.moderation import Decision, Verdict
from petitions.similar import Similar
from petitions.states import PUBLIC

# Decisions that may name the petition which this one repeats.
NAMES_ANOTHER = {Decision.REJECT, Decision.TAKE_DOWN}
_WHAT_FOLLOWS = {
    Decision.APPROVE: gettext_lazy("It is public at once; the starter gets a mail."),
    Decision.REQUEST_CHANGES: gettext_lazy(
        "The starter gets your reasons and note, edits and sends it again."
    ),
    Decision.REJECT: gettext_lazy(
        "Nobody can sign it. Everybody can read it with your reasons, unless one of them hides the text: "
        "then nobody can, and only the starter learns why."
    ),
    Decision.TAKE_DOWN: gettext_lazy(
        "Its page says that it was taken down and why; its text is shown to nobody. Signatures are kept."
    ),
    Decision.RESTORE: gettext_lazy("It goes back to where it was, with its original dates."),
}
_ADDRESS = re.compile(r"/petitions/([^/?#\s]+)")


class DecisionForm(AsShown):
    """One decision on a petition as it was shown."""

    decision = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    reasons = ReasonsField(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("What the starter and, unless a reason hides the text, everybody will read."),
    )
    repeats = forms.CharField(
        label=gettext_lazy("Does it repeat another petition?"), required=False, widget=forms.RadioSelect
    )
    repeats_address = forms.CharField(
        label=gettext_lazy("Number or address of the petition that it repeats"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("One that everybody can read. The starter and the public get a link to it."),
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    note_to_starter = NoteField(
        label=gettext_lazy("Note to the starter"),
        help_text=gettext_lazy("Goes into the mail, in your words."),
    )
    internal_note = NoteField(
        label=gettext_lazy("Internal note"),
        help_text=gettext_lazy("Stays in the record; moderators alone read it."),
    )

    def __init__(
        self, data: Any = None, *, petition: Petition, moderator: User, similar: Iterable[Similar] = ()
    ) -> None:
        shown = {"version": petition.version_id, "state": petition.state, "repeats": ""}
        super().__init__(data, initial=shown, label_suffix="", use_required_attribute=False)
        self.petition, self.moderator = petition, moderator
        sentences = moderation.why_not_each(moderator, petition)
        self.decisions = [each for each, sentence in sentences.items() if not sentence]
        self.obstacles = sorted({sentence for sentence in sentences.values() if sentence})
        self.repeated = self._offer(self.decisions)
        self._offer_others([each for each in similar if each.state in PUBLIC])

    def clean(self) -> dict[str, Any]:
        """Refuse a decision that lacks its reason, and what would be lost with it."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "decision" not in cleaned or "reasons" not in self.fields:
            return cleaned
        decision = Decision(cleaned["decision"])
        self._clean_other(cleaned, decision)
        needs_reason = moderation.needs_reason(decision)
        if needs_reason and not cleaned.get("reasons") and not self.errors:
            self.add_error("reasons", _("Choose at least one reason."))
        if cleaned.get("reasons") and not needs_reason:
            self.add_error(
                "reasons", _("Reasons go with a refusal, but you chose to approve. Take one of them back.")
            )
        return cleaned

    def carry_out(self) -> Transition:
        """Hand the valid decision to its service."""
        given = self.cleaned_data
        verdict = Verdict(
            moderator=self.moderator,
            version=Version(pk=given["version"]),
            state=given["state"],
            reasons=given.get("reasons", ()),
            note_to_starter=given.get("note_to_starter", ""),
            internal_note=given["internal_note"],
        )
        match Decision(given["decision"]):
            case Decision.APPROVE:
                return moderation.approve(petition=self.petition, verdict=verdict)
            case Decision.REQUEST_CHANGES:
                return moderation.request_changes(petition=self.petition, verdict=verdict)
            case Decision.REJECT:
                other = given.get("duplicate_of")
                return moderation.reject(petition=self.petition, verdict=verdict, duplicate_of=other)
            case Decision.TAKE_DOWN:
                other = given.get("duplicate_of")
                return moderation.take_down(petition=self.petition, verdict=verdict, duplicate_of=other)
        return moderation.restore(petition=self.petition, verdict=verdict)

    def follows(self) -> list[Any]:
        """Return what the valid decision would come to, in sentences."""
        decision = Decision(self.cleaned_data["decision"])
        hides = any(reason.hides for reason in self.cleaned_data.get("reasons", ()))
        if decision == Decision.REJECT and hides:
            return [
                _("One of your reasons hides the text: nobody but its starter and moderators can read it.")
            ]
        if decision == Decision.REJECT:
            return [_("Nobody can sign it. Everybody can read it with your reasons.")]
        return [_WHAT_FOLLOWS[decision]]

    def label(self) -> str:
        """Return the name of the valid decision."""
        return str(Decision(self.cleaned_data["decision"]).label)

    def typed(self) -> list[tuple[str, str]]:
        """Return what was chosen and typed, so that a page that refuses it can give it back."""
        decision = self._raw("decision")
        chosen = [str(Decision(decision).label)] if decision in Decision.values else []
        lines = [(_("Decision"), ", ".join(chosen)), (_("Reasons"), self.chosen_reasons())]
        lines += [
            (str(self.base_fields[name].label), self._raw(name))
            for name in ("note_to_starter", "internal_note")
        ]
        return [(label, text) for label, text in lines if text.strip()]

    def _clean_other(self, cleaned: dict[str, Any], decision: Decision) -> None:
        """Find the petition that is repeated; naming one gives the reason for it."""
        named = cleaned.get("repeats") or cleaned.get("repeats_address", "").strip()
        if not named or "repeats_address" not in self.fields:
            return
        other = _public_one(named)
        if sentence := self._bad_other(decision, other):
            self.add_error("repeats_address", sentence)
            return
        given = list(cleaned.get("reasons") or ())
        cleaned["duplicate_of"] = other
        cleaned["reasons"] = given + [each for each in self.repeated if each not in given]

    def _bad_other(self, decision: Decision, other: Petition | None) -> str:
        """Return the sentence that says why this can't be what is repeated, or an empty one."""
        if decision not in NAMES_ANOTHER:
            return _("Only a petition that is refused can be said to repeat another one.")
        if not self.repeated:
            return _(
                "The reason for repeated petitions is no longer given. Take this back and choose another."
            )
        if other is None or other.pk == self.petition.pk:
            return _("There is no other petition in public with this number or address.")
        return ""

    def _offer(self, decisions: list[Decision]) -> list[Reason]:
        """Leave out what makes no sense for these decisions; return the reason for repeated petitions, if it is given."""
        field = self.fields["decision"]
        field.choices = [(each.value, _choice(each)) for each in decisions]  # type: ignore[attr-defined]
        if len(decisions) == 1:
            field.initial, field.widget = decisions[0].value, forms.HiddenInput()
        if self.petition.starter_id is None:
            del self.fields["note_to_starter"]
        if any(moderation.needs_reason(each) for each in decisions):
            return [each for each in self._offer_reasons() if each.code == moderation.DUPLICATE]
        del self.fields["reasons"]
        return []

    def _offer_reasons(self) -> list[Reason]:
        """Offer the reasons in use, read once."""
        field: Any = self.fields["reasons"]
        reasons = list(field.queryset)
        field.choices = [(each.pk, field.label_from_instance(each)) for each in reasons]
        return reasons

    def _offer_others(self, others: list[Similar]) -> None:
        """Offer those that may be repeated, where the decision can say so; what was typed stays in sight."""
        typed = self._raw("repeats") or self._raw("repeats_address")
        if NAMES_ANOTHER.isdisjoint(self.decisions) or not (self.repeated or typed):
            del self.fields["repeats"], self.fields["repeats_address"]
        elif others:
            choices = [("", _("No, or another one")), *((str(each.pk), _other(each)) for each in others)]
            self.fields["repeats"].widget.choices = choices
        elif not self._raw("repeats"):
            del self.fields["repeats"]


def _choice(decision: Decision) -> SafeString:
    return format_html(
        '<strong>{}</strong> <span class="meaning">{}</span>', decision.label, _WHAT_FOLLOWS[decision]
    )


def _other(similar: Similar) -> SafeString:
    return format_html(
        '<strong><bdi>{}</bdi></strong> <span class="meaning">{}</span>', similar.title, similar.why
    )


def _public_one(named: str) -> Petition | None:
    """Return the petition that has this number or this address, if everybody can read it."""
    found = _ADDRESS.search(named)
    number = (found[1] if found else named).rpartition("-")[2].lstrip("#")
    if not number.isdecimal() or len(number) > LONGEST_NUMBER:
        return None
    return Petition.objects.public().with_text().filter(pk=int(number)).first()
