"""The count that is shown: tally plus open deltas, read in one statement (design decision 6)."""

from django.db.models import F, OuterRef, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from lib.prepared import Prepared
from petitions.goals import Progress
from petitions.models import Delta
from petitions.states import PUBLIC


def exact() -> Combinable:
    """Return the expression that a query annotates as `exact` to bring the count with the petition."""
    open_deltas = Delta.objects.filter(petition=OuterRef("pk")).values("petition").annotate(sum=Sum("change"))
    return F("tally__signatures") + Coalesce(Subquery(open_deltas.values("sum")), Value(0))


# The same for statements that are fixed: `p` is the petition, `t` its tally. The ORM takes many times as long to write
# one as the database to answer it, and everybody asks (docs/decisions/0014).
EXACT = "t.signatures + coalesce((SELECT sum(change) FROM petitions_delta WHERE petition_id = p.id), 0)"
IS_PUBLIC = "p.state IN ({})".format(", ".join(f"'{state.value}'" for state in PUBLIC))
_PROGRESS = Prepared(
    "progress",
    f"""
SELECT {EXACT}, p.first_goal
  FROM petitions_petition p JOIN petitions_tally t ON t.petition_id = p.id
 WHERE p.slug = %(slug)s AND {IS_PUBLIC}
""",  # noqa: S608 - constants of this module
)


def progress_of(slug: str) -> Progress | None:
    """Return the exact count and goals of a public petition, or None where there is none by that address."""
    row = _PROGRESS.row({"slug": slug})
    return Progress(*row) if row else None
