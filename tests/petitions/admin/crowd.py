"""Many petitions at once, written as the importer's rows would be, to see that a page does not ask more for more."""

from uuid import uuid4

from django.db import connection, transaction
from django.db.models import OuterRef

from lib import clock
from petitions.models import Petition, Tally, Transition, Version
from petitions.states import State


@transaction.atomic
def crowd(count: int, *, state: State = State.SUBMITTED) -> None:
    """Make so many petitions in a state, each with its text, its tally and a row in the record."""
    now, drafts = clock.now(), [Petition(slug=uuid4().hex, starter_name="Patrick L.") for _ in range(count)]
    petitions = Petition.objects.bulk_create(drafts)
    versions = Version.objects.bulk_create(
        Version(petition=each, number=1, title=f"Number {each.pk}", body="Words.", frozen_at=now)
        for each in petitions
    )
    # Row by row, Django would write a case for each of five hundred.
    Petition.objects.filter(pk__in=[each.pk for each in petitions]).update(
        version=Version.objects.filter(petition=OuterRef("pk")).values("pk"),
        state=state,
        submitted_at=now,
        published_at=now,
        closed_at=now,
    )
    Tally.objects.bulk_create(Tally(petition=each) for each in petitions)
    Transition.objects.bulk_create(
        Transition(petition=each.petition, version=each, source=State.DRAFT, target=state)
        for each in versions
    )
    _look_again()


def _look_again() -> None:
    """Let the planner know of them: autovacuum, which does so elsewhere, never sees what a test rolls back."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE petitions_petition, petitions_version, petitions_tally, petitions_transition")
