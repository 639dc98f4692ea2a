"""The moderators' desk: what waits for a decision on a petition, since when, and how late that is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib import clock
from lib.desk import Line, News, Waiting
from lib.how_long import how_long
from petitions import narrowing, pace
from petitions.models import Edit, Objection, Petition, Transition
from petitions.states import State

# How many of a list the first page of the admin shows; of what comes in more rarely fewer.
SHOWN, SHOWN_OF_ANSWERS = 10, 5
DECIDE, UPHOLD = "petitions.moderate_petition", "petitions.uphold_objection"
PETITIONS, EDITS, OBJECTIONS = (
    gettext_lazy("Petitions to decide on"),
    gettext_lazy("Edits after publication"),
    gettext_lazy("Objections"),
)


@dataclass(frozen=True)
class Age:
    """How long something waits, in words, and whether that is too long."""

    text: str
    mark: str


def amber() -> timedelta:
    """Return after which wait something is marked."""
    return timedelta(hours=settings.MODERATION_AMBER_HOURS)


def overdue() -> timedelta:
    """Return after which wait something is too late."""
    return timedelta(hours=settings.MODERATION_OVERDUE_HOURS)


def age_of(since: datetime, now: datetime) -> Age:
    """Return the age in its largest unit, marked where the operator's settings call it late."""
    text = how_long(since, now)
    if now - since >= overdue():
        return Age(_("%(age)s, overdue") % {"age": text}, "overdue")
    if now - since >= amber():
        return Age(_("%(age)s, overdue soon") % {"age": text}, "amber")
    return Age(text, "")


def review_url(petition: Petition) -> str:
    """Return where a moderator reads this petition and decides."""
    return reverse("admin:petitions_petition_review", args=[petition.pk])


def queue_url() -> str:
    """Return the list of everything that waits, oldest first."""
    return reverse("admin:petitions_petition_changelist") + "?state=submitted"


def waiting() -> Waiting:
    """Read the queue for the first page of the admin: its length, its oldest lines, and how long decisions take."""
    now = clock.now()
    first = narrowing.rows_of(list(Petition.objects.waiting().values_list("pk", flat=True)[:SHOWN]))
    return Waiting(
        label=str(PETITIONS),
        count=Petition.objects.waiting().count(),
        oldest_at=first[0].submitted_at if first else None,
        url=queue_url(),
        lines=tuple(_line(petition, now) for petition in first),
        note=_pace(),
    )


def edits_waiting() -> Waiting:
    """Read the new wordings of published petitions that nobody has decided on."""
    waits = Edit.objects.waiting()
    first = [(each.petition, each.pk, each.proposed_at) for each in waits.for_lists()[:SHOWN_OF_ANSWERS]]
    return _answers("edit", str(EDITS), waits.count(), first)


def objections_waiting() -> Waiting:
    """Read the objections that no senior moderator has decided on."""
    waits = Objection.objects.waiting()
    first = [(each.petition, each.pk, each.made_at) for each in waits.for_lists()[:SHOWN_OF_ANSWERS]]
    return _answers("objection", str(OBJECTIONS), waits.count(), first)


def submissions() -> News:
    """Read what there is to tell of petitions: one that was sent again is news again."""
    sent = Transition.objects.filter(target=State.SUBMITTED, petition__state=State.SUBMITTED)
    # A petition that came in twice waits once: its latest submission stands for it.
    return _news(PETITIONS, sent.order_by("petition", "-pk").distinct("petition"))


def edits() -> News:
    """Read what there is to tell of new wordings."""
    return _news(EDITS, Edit.objects.waiting())


def objections() -> News:
    """Read what there is to tell of objections."""
    return _news(OBJECTIONS, Objection.objects.waiting())


def next_after(petition: Petition, *, moderator: User) -> Petition | None:
    """Return what this moderator reads next: the one that came in after this one, but never their own."""
    if petition.submitted_at is None:
        return None
    later = Q(submitted_at__gt=petition.submitted_at) | Q(
        submitted_at=petition.submitted_at, pk__gt=petition.pk
    )
    return Petition.objects.waiting().filter(later).exclude(starter=moderator).first()


def marks_of(petition: Any) -> tuple[str, ...]:
    """Return what a moderator should know before they open it, of a row that `narrowing.with_marks` has brought."""
    marks = {
        _("reopened"): petition.reopened,
        _("sent again"): petition.sent_again and not petition.reopened,
        _("needs an ask"): petition.needs_ask and not petition.ask,
    }
    return tuple(mark for mark, is_so in marks.items() if is_so)


def _line(petition: Petition, now: datetime) -> Line:
    age = age_of(petition.submitted_at or now, now)
    return Line(petition.title, review_url(petition), age.text, age.mark, marks_of(petition))


def _answers(kind: str, label: str, count: int, first: list[tuple[Petition, int, datetime]]) -> Waiting:
    ages = [age_of(since, clock.now()) for _petition, _pk, since in first]
    return Waiting(
        label=label,
        count=count,
        oldest_at=first[0][2] if first else None,
        url=reverse(f"admin:petitions_{kind}_changelist") + "?waits=yes",
        lines=tuple(
            Line(petition.title, reverse(f"admin:petitions_{kind}_review", args=[pk]), age.text, age.mark)
            for (petition, pk, _since), age in zip(first, ages, strict=True)
        ),
    )


def _news(label: Any, waits: QuerySet[Any]) -> News:
    rows = list(waits.values_list("pk", flat=True))
    return News(label, len(rows), rows)


def _pace() -> str:
    wait = pace.median_wait()
    return _("Decisions lately took %(time)s.") % {"time": pace.in_words(wait)} if wait else ""
