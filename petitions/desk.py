"""The moderators' queue: what waits, since when, and how late that is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from accounts.models import User
from lib import clock
from lib.desk import Line, Waiting
from petitions.models import Petition

MODERATION_AMBER_HOURS, MODERATION_OVERDUE_HOURS = 24, 72
# How many of the queue the first page of the admin shows.
SHOWN = 10
DECIDE = "petitions.moderate_petition"


@dataclass(frozen=True)
class Age:
    """How long something waits, in words, and whether that is too long."""

    text: str
    mark: str


def age_of(since: datetime, now: datetime) -> Age:
    """Return the age in its largest unit, marked amber after a day and overdue after three."""
    text = timesince(since, now, depth=1)
    if now - since >= timedelta(hours=MODERATION_OVERDUE_HOURS):
        return Age(_("%(age)s, overdue") % {"age": text}, "overdue")
    if now - since >= timedelta(hours=MODERATION_AMBER_HOURS):
        return Age(_("%(age)s, overdue soon") % {"age": text}, "amber")
    return Age(text, "")


def review_url(petition: Petition) -> str:
    """Return where a moderator reads this petition and decides."""
    return reverse("admin:petitions_petition_review", args=[petition.pk])


def queue_url() -> str:
    """Return the list of everything that waits, oldest first."""
    return reverse("admin:petitions_petition_changelist") + "?state=submitted"


def waiting() -> Waiting:
    """Read the queue for the first page of the admin: its length, and its oldest lines."""
    now = clock.now()
    first = list(Petition.objects.waiting().for_lists()[:SHOWN])
    return Waiting(
        label=_("Petitions to decide on"),
        count=Petition.objects.waiting().count(),
        oldest_at=first[0].submitted_at if first else None,
        url=queue_url(),
        permission=DECIDE,
        lines=tuple(_line(petition, now) for petition in first),
    )


def next_after(petition: Petition, *, moderator: User) -> Petition | None:
    """Return what this moderator reads next: the one that came in after this one, but never their own."""
    later = Q(submitted_at__gt=petition.submitted_at) | Q(
        submitted_at=petition.submitted_at, pk__gt=petition.pk
    )
    return Petition.objects.waiting().filter(later).exclude(starter=moderator).first()


def _line(petition: Petition, now: datetime) -> Line:
    age = age_of(petition.submitted_at or now, now)
    note = _("needs an ask") if petition.needs_ask and not petition.ask else ""
    return Line(petition.title, review_url(petition), age.text, age.mark, note)
