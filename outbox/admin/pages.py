"""The pages that ask before mails are sent again or dropped, and where kinds are paused and resumed."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from lib.text import clean_text
from outbox import desk, kinds, pausing
from outbox.admin.decisions import DECISIONS, Decision
from outbox.masking import mask
from outbox.models import Message, Pause

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Room = ModelAdmin[Message]

Page = Callable[..., HttpResponse]

# How many are decided on with one click, in one transaction.
AT_ONCE = 500
LONGEST_WHY = 500


class PauseForm(forms.Form):
    """What is to stay in the queue, and why."""

    kind = forms.ChoiceField(label=gettext_lazy("What to pause"), required=False)
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=LONGEST_WHY,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For whoever wonders why mail doesn’t leave. Name nobody."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted((kind.name, kind.name) for kind in kinds.registered())
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(pausing.EVERYTHING, _("everything")), *named]

    def clean_why(self) -> str:
        """Return the text without what nobody can see."""
        return clean_text(self.cleaned_data["why"])


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, room: "Room") -> HttpResponse:
    """Ask what to pause and why, then do it and record who did."""
    form = PauseForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    if not form.is_valid():
        context = {**_frame(request, room, _("Pause")), "form": form}
        return TemplateResponse(request, "admin/outbox/message/pause.html", context)
    why = form.cleaned_data["why"]
    with transaction.atomic():
        row, is_new = pausing.pause(kind=form.cleaned_data["kind"], reason=why)
        if is_new:
            _log(request, [row], _("paused: %(why)s") % {"why": why})
    said = _("Paused: %(kind)s.") if is_new else _("It was paused already: %(kind)s.")
    messages.success(request, said % {"kind": row})
    return redirect(desk.list_url())


@require_POST
def resume(request: HttpRequest, room: "Room") -> HttpResponse:
    """End the pauses of a kind, or of everything, and record who did."""
    with transaction.atomic():
        ended = pausing.resume(kind=request.POST.get("kind", "").replace("\x00", ""))
        _log(request, ended, _("resumed"))
    if ended:
        messages.success(request, _("Resumed: %(kind)s.") % {"kind": ended[0]})
    else:
        messages.warning(request, _("It was not paused any more."))
    return redirect(desk.list_url())


@require_POST
def decide(request: HttpRequest, room: "Room", pk: int, code: str) -> HttpResponse:
    """Ask about one mail, then do it."""
    message = Message.objects.filter(pk=pk).first()
    if code not in DECISIONS or message is None:
        raise Http404
    asked = ask_or_do(request, room, DECISIONS[code], [message])
    return asked or redirect(_url_of(message))


def ask_or_do(
    request: HttpRequest, room: "Room", decision: Decision, chosen: Sequence[Message], action: str = ""
) -> HttpResponse | None:
    """Return the question, or, once it is answered with yes, do it, say what was done and return nothing."""
    if "confirmed" not in request.POST:
        context = {**_frame(request, room, str(decision.label)), **_asking(decision, chosen, action)}
        return TemplateResponse(request, "admin/outbox/message/question.html", context)
    count = _carry_out(request, decision, chosen)
    if count:
        messages.success(request, decision.done % {"count": count})
    if left := len(chosen) - count:
        messages.warning(request, _("Left alone: %(count)d.") % {"count": left})
    return None


def possible(object_id: str) -> dict[str, Any]:
    """Return what can be done with a mail, and why something can't."""
    message = Message.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
    if message is None:
        return {}
    obstacles = [(decision, decision.obstacle(message)) for decision in DECISIONS.values()]
    return {"decisions": obstacles, "is_open": not DECISIONS["drop"].obstacle(message)}


@transaction.atomic
def _carry_out(request: HttpRequest, decision: Decision, chosen: Sequence[Message]) -> int:
    """Do it and record who did, both or neither."""
    done = [message for message in chosen if decision.carry_out(message=message)]
    _log(request, done, str(decision.label))
    return len(done)


def _log(request: HttpRequest, rows: Sequence[Message | Pause], what: str) -> None:
    LogEntry.objects.log_actions(cast(int, request.user.pk), rows, CHANGE, change_message=what)


def _asking(decision: Decision, chosen: Sequence[Message], action: str) -> dict[str, Any]:
    obstacles = [(message, mask(message.to_address), decision.obstacle(message)) for message in chosen]
    fitting = Counter(message.kind for message, _address, obstacle in obstacles if not obstacle)
    return {
        "decision": decision,
        "action": action,
        "mails": obstacles,
        "fitting": sorted(fitting.items()),
        "back_url": desk.list_url() if action else _url_of(chosen[0]),
    }


def _frame(request: HttpRequest, room: "Room", title: str) -> dict[str, Any]:
    return {**room.admin_site.each_context(request), "title": title, "opts": room.opts}


def _url_of(message: Message) -> str:
    return reverse("admin:outbox_message_change", args=[message.pk])
