"""Who else has a petition's review page open, so that two do not read the same one unknowingly."""

from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.models import User
from petitions.models import Opening, Petition

# After that the page was most likely closed.
RECENTLY = timedelta(hours=1)


def opened(*, petition: Petition, person: User) -> None:
    """Remember that this person opens the page now, by the database's clock."""
    Opening.objects.bulk_create(
        [Opening(petition=petition, person=person, at=Now())],
        update_conflicts=True,
        unique_fields=["petition", "person"],
        update_fields=["at"],
    )


def others(*, petition: Petition, person: User) -> QuerySet[Opening]:
    """Return who else has opened it within the last hour, the latest first."""
    recent = petition.openings.filter(at__gt=Now() - RECENTLY).exclude(person=person)
    return recent.select_related("person").order_by("-at", "pk")
