"""The count that is shown: tally plus open deltas, read in one statement (design decision 6)."""

from django.db.models import F, OuterRef, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from petitions.goals import Progress
from petitions.models import Delta, Petition


def exact() -> Combinable:
    """Return the expression that a query annotates as `exact` to bring the count with the petition."""
    open_deltas = Delta.objects.filter(petition=OuterRef("pk")).values("petition").annotate(sum=Sum("change"))
    return F("tally__signatures") + Coalesce(Subquery(open_deltas.values("sum")), Value(0))


def progress_of(slug: str) -> Progress | None:
    """Return the exact count and goals of a public petition, or None where there is none by that address."""
    rows = Petition.objects.public().filter(slug=slug).annotate(exact=exact())
    found = rows.values_list("exact", "first_goal").first()
    return Progress(*found) if found else None
