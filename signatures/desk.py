"""Held signatures on the moderators' desk: how many, and which have waited longest."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib import clock
from lib.desk import Line, News, Waiting
from lib.how_long import how_long
from petitions.desk import age_of
from signatures.models import Signature

# How many of them the first page of the admin shows.
SHOWN = 5
# By so many of those that have waited longest it is seen that something came in. Behind a wave nothing is news until
# somebody has decided on some of it; the mail says how many there are all the same.
TOLD_APART = 1_000
HELD = gettext_lazy("Signatures held for review")
# What the list of signatures calls reasons that were hidden within the week.
HIDDEN_LATELY = "hidden-lately"


def detail_url(signature: Signature) -> str:
    """Return where a moderator looks at this signature."""
    return reverse("admin:signatures_signature_change", args=[signature.pk])


def held_url() -> str:
    """Return the list of everything that is held, oldest first."""
    return reverse("admin:signatures_signature_changelist") + "?state=held"


def waiting() -> Waiting:
    """Read what is held for the first page of the admin."""
    now = clock.now()
    held = Signature.objects.held()
    first = list(held.for_lists()[:SHOWN])
    return Waiting(
        label=str(HELD),
        count=held.count(),
        oldest_at=first[0].asked_at if first else None,
        url=held_url(),
        lines=tuple(_line(signature, now) for signature in first),
    )


def news() -> News:
    """Read what there is to tell of held signatures."""
    held = Signature.objects.held()
    first = list(held.values_list("pk", flat=True)[:TOLD_APART])
    return News(HELD, len(first) if len(first) < TOLD_APART else held.count(), first)


def hidden_reasons_url() -> str:
    """Return the list of the signatures whose reason was hidden lately, the first of them first."""
    return f"{reverse('admin:signatures_signature_changelist')}?reason={HIDDEN_LATELY}"


def hidden_reasons() -> Waiting:
    """Read which reasons were hidden lately: another moderator may see it otherwise and show them again."""
    now = clock.now()
    hidden = Signature.objects.reason_hidden_lately()
    first = [(each, each.reason_hidden_at or now) for each in hidden.for_lists()[:SHOWN]]
    return Waiting(
        label=_("Reasons hidden lately"),
        count=hidden.count(),
        oldest_at=first[0][1] if first else None,
        url=hidden_reasons_url(),
        lines=tuple(
            Line(each.petition.title, detail_url(each), how_long(since, now)) for each, since in first
        ),
        note=_("Each stays here for a week, for a second look."),
    )


def _line(signature: Signature, now: datetime) -> Line:
    age = age_of(signature.asked_at, now)
    return Line(signature.petition.title, detail_url(signature), age.text, age.mark)
