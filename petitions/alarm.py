"""What the daily audit says to those who can do something: to the operator's alarms, and on the admin's first page."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from lib import clock
from lib.desk import Line, Waiting
from lib.health import Reading
from lib.how_long import how_long
from petitions.services import auditing

# It runs daily; one day may be missed while something is repaired.
ALARM = timedelta(hours=50)
VIEW = "petitions.view_auditrun"


def read() -> Reading:
    """Report what the last audit found; none at all yet is no fault: beat and worker are asked for themselves."""
    run = auditing.latest()
    if run is None or run.ended_at is None:
        return Reading(ok=True, figures={"breaches": None, "age_seconds": None})
    age = clock.now() - run.ended_at
    figures: dict[str, float | int | str | None] = {
        "breaches": run.breaches,
        "age_seconds": round(age.total_seconds()),
        "broken": "; ".join(run.broken),
    }
    return Reading(ok=not run.breaches and age < ALARM, figures=figures)


def waiting() -> Waiting:
    """Name the promises that did not hold, for administrators."""
    run = auditing.latest()
    url = reverse("admin:petitions_auditrun_change", args=[run.pk]) if run else _list_url()
    age = how_long(run.ended_at, clock.now()) if run and run.ended_at else ""
    return Waiting(
        label=_("Broken promises"),
        count=run.breaches if run else 0,
        oldest_at=run.ended_at if run else None,
        url=url,
        lines=tuple(Line(promise, url, age, "overdue") for promise in (run.broken if run else ())),
    )


def _list_url() -> str:
    return reverse("admin:petitions_auditrun_changelist")
