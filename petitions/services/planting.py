"""Turning what was read from seed files into petitions: all of them or none, and each only once for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.db import connection, transaction
from django.db.models.functions import Now

from lib.text import slug_for
from petitions.importing.found import Found, SeedFile, Shape
from petitions.models import Petition, Seed, Tally, Topic, Version
from petitions.services import alerting
from petitions.services.drafting import Draft, write_version
from petitions.services.moves import locked, move
from petitions.states import Actor, State

# One import at a time on the whole site; the seeds can be read meanwhile.
_TAKE_TURN = "LOCK TABLE petitions_seed IN SHARE ROW EXCLUSIVE MODE"


@dataclass(frozen=True)
class Outcome:
    """What became of one file: whether it was planted now, and its petition as far as there is one."""

    file: SeedFile
    created: bool
    petition: Petition | None


@transaction.atomic
def plant(*, files: Sequence[SeedFile]) -> list[Outcome]:
    """Make a petition of each file whose key is new; what was planted before is kept, even when it is gone."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_TURN)
    known, topics = _known(files), {topic.slug: topic for topic in Topic.objects.all()}
    outcomes = [
        Outcome(file, created=False, petition=known[file.found.key])
        if file.found.key in known
        else Outcome(file, created=True, petition=_plant(file, topics.get(file.found.topic)))
        for file in files
    ]
    _date_alike(outcomes)
    if any(each.created and each.file.found.state == State.SUBMITTED for each in outcomes):
        alerting.alert_moderators()
    return outcomes


def foresee(*, files: Sequence[SeedFile]) -> list[Outcome]:
    """Return what `plant` would do now, and do nothing."""
    known = _known(files)
    return [
        Outcome(file, created=file.found.key not in known, petition=known.get(file.found.key))
        for file in files
    ]


def _date_alike(outcomes: Sequence[Outcome]) -> None:
    """Date all of one run by one instant: equals draw lots for their place, so the order of files prefers none."""
    made = [each.petition.pk for each in outcomes if each.created and each.petition]
    Petition.objects.filter(pk__in=made, state=State.PUBLISHED).update(published_at=Now())


def _known(files: Sequence[SeedFile]) -> dict[str, Petition | None]:
    keys = [file.found.key for file in files]
    return {
        seed.key: seed.petition
        for seed in Seed.objects.filter(key__in=keys).select_related("petition__version")
    }


def _plant(file: SeedFile, topic: Topic | None) -> Petition:
    found = file.found
    petition = Petition.objects.create(
        slug=uuid4().hex,
        starter_name=found.starter_name,
        topic=topic,
        first_goal=found.first_goal,
        language=found.language,
        closes_at=found.closes_at,
    )
    Tally.objects.create(petition=petition)
    petition.version = _version(petition, found)
    petition.slug = slug_for(petition.version.title, petition.pk)
    # A published petition is dated as one that was submitted, too.
    petition.submitted_at = Now()
    petition.save(update_fields=["version", "slug", "submitted_at"])
    _remember(file, petition)
    petition = locked(petition)
    move(petition=petition, target=found.state, actor=Actor.IMPORT, by=None)
    return petition


def _version(petition: Petition, found: Found) -> Version:
    """Write the text once and for all: captures as plain paragraphs, what was written for us as Markdown."""
    formats = Version.Format
    draft = Draft(title=found.title, ask=found.ask, body=found.body, decision_maker=found.decision_maker)
    form = formats.MARKDOWN if found.shape == Shape.MARKDOWN else formats.PLAIN
    version = write_version(petition, draft, form=form, author=None)
    version.frozen_at = Now()
    version.save(update_fields=["frozen_at"])
    return version


def _remember(file: SeedFile, petition: Petition) -> None:
    found = file.found
    Seed.objects.create(
        key=found.key,
        petition=petition,
        shape=found.shape,
        source=found.source or file.name,
        note=found.note,
        caption=found.caption,
        claimed_signatures=found.claimed_signatures,
        claimed_supporters=found.claimed_supporters,
        needs_ask=found.needs_ask,
    )
