"""Many petitions approved or rejected at once: first a page that says what would happen, then one that says what did."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from petitions import desk, narrowing
from petitions.admin import asking, pages
from petitions.admin.bulk_form import BulkForm
from petitions.models import Petition
from petitions.querysets import PetitionQuerySet
from petitions.services import in_bulk, moderation
from petitions.services.in_bulk import AT_ONCE, Outcome, Result, Seen
from petitions.services.moderation import Decision
from petitions.states import NotAllowed

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Room = ModelAdmin[Petition]

_SEEN = re.compile(r"([0-9]{1,12}):([0-9]{1,12}):([a-z-]{1,20})")
_QUESTIONS = {
    Decision.APPROVE: gettext_lazy(
        "Approve these? Each is published in the version that is listed here, and its starter gets a mail."
    ),
    Decision.REJECT: gettext_lazy(
        "Reject these? Each is rejected for the same reasons, and its starter gets a mail with them and with your note."
    ),
}
Action = Callable[[Any, HttpRequest, PetitionQuerySet], HttpResponse]


@dataclass(frozen=True)
class Line:
    """One petition of the question: as it was seen, and why it can't be decided so, if it can't."""

    seen: Seen
    why_not: str
    marks: tuple[str, ...]

    @property
    def value(self) -> str:
        """What the form carries of it."""
        return f"{self.seen.petition.pk}:{self.seen.version_id}:{self.seen.state}"


def actions() -> list[Action]:
    """Return what the list offers to do with the chosen ones."""
    return [_action(decision) for decision in in_bulk.POSSIBLE]


@require_POST
def bulk(request: HttpRequest, room: "Room", code: str) -> HttpResponse:
    """Do what the question has announced and say what became of each, or show the question again."""
    decision, moderator = _decision(code), cast(User, request.user)
    if not moderation.may_decide(moderator):
        raise PermissionDenied
    seen = _seen(request, room)
    if not seen:
        return redirect(desk.queue_url())
    form = BulkForm(request.POST, decision=decision, count=len(seen))
    if asking.step_of(request) == asking.BACK or not form.is_valid():
        return _question(request, room, decision, seen, form)
    said = form.said(moderator)
    if asking.step_of(request):
        return _mail(request, room, decision, seen, form)
    outcomes = in_bulk.decide_each(decision=decision, seen=seen, said=said)
    return _results(request, room, decision, outcomes)


def _action(decision: Decision) -> Action:
    @admin.action(description=_LABELS[decision], permissions=["decide"])
    def act(room: "Room", request: HttpRequest, chosen: PetitionQuerySet) -> HttpResponse:
        """Ask about the chosen ones, in the order of the list."""
        keys = list(chosen.values_list("pk", flat=True)[: AT_ONCE + 1])
        rows = narrowing.rows_of(keys[:AT_ONCE])
        seen = [Seen(each, each.version_id, each.state) for each in rows if each.version_id]
        form = BulkForm(decision=decision, count=len(seen))
        return _question(request, room, decision, seen, form, are_more=len(keys) > AT_ONCE)

    act.__name__ = decision.value
    return act


_NAMES: dict[Decision, Any] = {
    Decision.APPROVE: gettext_lazy("Approve petitions"),
    Decision.REJECT: gettext_lazy("Reject petitions"),
}
_LABELS: dict[Decision, Any] = {
    Decision.APPROVE: gettext_lazy("Approve the chosen ones …"),
    Decision.REJECT: gettext_lazy("Reject the chosen ones …"),
}


def _decision(code: str) -> Decision:
    if code not in {each.value for each in in_bulk.POSSIBLE}:
        raise Http404
    return Decision(code)


def _seen(request: HttpRequest, room: "Room") -> list[Seen]:
    """Return what the form carries, in its order; what this person may not see is left out."""
    posted = [_SEEN.fullmatch(each) for each in request.POST.getlist("seen")[:AT_ONCE]]
    carried = {int(each[1]): (int(each[2]), each[3]) for each in posted if each}
    visible = room.get_queryset(request).filter(pk__in=carried).values_list("pk", flat=True)
    kept = set(visible)
    return [Seen(row, *carried[row.pk]) for row in narrowing.rows_of([pk for pk in carried if pk in kept])]


def _lines(decision: Decision, seen: Iterable[Seen], moderator: User) -> list[Line]:
    return [Line(each, _why_not(decision, each, moderator), desk.marks_of(each.petition)) for each in seen]


def _why_not(decision: Decision, seen: Seen, moderator: User) -> str:
    if not seen.is_so:
        return _("It has changed since you opened the list; please read it again.")
    return moderation.why_not(moderator, decision, seen.petition)


def _question(
    request: HttpRequest,
    room: "Room",
    decision: Decision,
    seen: Sequence[Seen],
    form: BulkForm,
    *,
    are_more: bool = False,
) -> HttpResponse:
    lines = _lines(decision, seen, cast(User, request.user))
    possible = [line for line in lines if not line.why_not]
    form.count = len(possible)
    context = {
        **_frame(request, room, str(_NAMES[decision])),
        "question": _QUESTIONS[decision] if possible else "",
        "follows": [*([_too_many()] if are_more else []), *(form.follows() if possible else [])],
        "possible": possible,
        "impossible": [line for line in lines if line.why_not],
        "typed": [("seen", line.value) for line in possible],
        "form": form,
        "label": form.label(),
        "action": reverse("admin:petitions_petition_bulk", args=[decision.value]),
        "back_url": desk.queue_url(),
    }
    return TemplateResponse(request, "admin/petitions/bulk.html", context)


def _mail(
    request: HttpRequest, room: "Room", decision: Decision, seen: Sequence[Seen], form: BulkForm
) -> HttpResponse:
    """Show the mail about the first of them; the others get the same about theirs."""
    first, said, follows = seen[0], form.said(cast(User, request.user)), form.follows()
    others = ngettext(
        "This is the mail about the first one; %(count)d other is decided likewise.",
        "This is the mail about the first one; %(count)d others are decided likewise.",
        len(seen) - 1,
    )
    try:
        return asking.show_mail(
            request,
            lambda: in_bulk.decide_one(decision=decision, seen=first, said=said),
            pages.frame(request, room, first.petition, _("The mail, before it is sent")),
            action=reverse("admin:petitions_petition_bulk", args=[decision.value]),
            label=form.label(),
            follows=[*([others % {"count": len(seen) - 1}] if len(seen) > 1 else []), *follows],
        )
    except NotAllowed:
        return _question(request, room, decision, seen, form)


def _results(request: HttpRequest, room: "Room", decision: Decision, outcomes: list[Outcome]) -> HttpResponse:
    done = sum(outcome.result == Result.DONE for outcome in outcomes)
    context = {
        **_frame(request, room, _("What became of them")),
        "decision": _NAMES[decision],
        "outcomes": outcomes,
        "done": done,
        "left": len(outcomes) - done,
        "queue_url": desk.queue_url(),
    }
    return TemplateResponse(request, "admin/petitions/bulk_results.html", context)


def _too_many() -> str:
    return ngettext(
        "You chose more; so many are decided at once at most: %(count)d.",
        "You chose more; so many are decided at once at most: %(count)d.",
        AT_ONCE,
    ) % {"count": AT_ONCE}


def _frame(request: HttpRequest, room: "Room", title: str) -> dict[str, Any]:
    return {**room.admin_site.each_context(request), "title": title, "opts": room.opts}
