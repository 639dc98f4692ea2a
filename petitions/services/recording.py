"""What administrators do to a petition beside the moves: a line in the admin's log, in the transaction that does it."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.models import User
from petitions.models import Petition

# What the log keeps of a title.
LONGEST_TITLE = 200


def record(*, petition: Petition, by: User, what: str) -> None:
    """Keep who has done what, by the database's clock as the moves are."""
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(Petition),
        object_id=str(petition.pk),
        object_repr=petition.title[:LONGEST_TITLE],
        action_flag=CHANGE,
        action_time=Now(),
        change_message=what,
    )


def recorded(petition: Petition) -> QuerySet[LogEntry]:
    """Return what was done to this petition so, with the people."""
    of_petitions = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Petition))
    return of_petitions.filter(object_id=str(petition.pk)).select_related("user")
