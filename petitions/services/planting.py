"""Turning what was read from seed files into petitions: all of them or none, and each only once for ever.

They are written in portions, with the same few statements for each. The numbers are drawn first, so that a petition and
its wording can name each other at once and no row is written twice; the foreign keys are checked after each portion.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Model

from lib.text import clean_line, slug_for
from petitions.importing.found import Found, SeedFile, Shape
from petitions.models import Petition, Seed, Tally, Topic, Version
from petitions.services import alerting
from petitions.services.drafting import Draft, put_into_words
from petitions.services.moves import record_first
from petitions.states import Actor, State

PORTION = 500
# One import at a time on the whole site; the seeds can be read meanwhile.
_TAKE_TURN = "LOCK TABLE petitions_seed IN SHARE ROW EXCLUSIVE MODE"
_DRAW = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
# Compared as the unique constraint compares; in its order, so that two who bring the same names don't dead-lock.
_BRING_MAKERS = """
INSERT INTO petitions_decisionmaker (name, listed)
SELECT DISTINCT ON (lower(name)) name, false FROM unnest(%s::text[]) WITH ORDINALITY AS new (name, place)
ORDER BY lower(name), place
ON CONFLICT (lower(name)) DO NOTHING
"""
_FIND_MAKERS = """
SELECT new.name, maker.id FROM unnest(%s::text[]) AS new (name)
JOIN petitions_decisionmaker AS maker ON lower(maker.name) = lower(new.name)
"""


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
    known = _known(files)
    new = [file for file in files if file.found.key not in known]
    made = dict(zip([file.found.key for file in new], _plant_all(new), strict=True))
    if any(file.found.state == State.SUBMITTED for file in new):
        alerting.alert_moderators()
    return [
        Outcome(file, created=key in made, petition=made.get(key) or known.get(key))
        for file, key in ((file, file.found.key) for file in files)
    ]


def foresee(*, files: Sequence[SeedFile]) -> list[Outcome]:
    """Return what `plant` would do now, and do nothing."""
    known = _known(files)
    return [
        Outcome(file, created=file.found.key not in known, petition=known.get(file.found.key))
        for file in files
    ]


def _known(files: Sequence[SeedFile]) -> dict[str, Petition | None]:
    keys = [file.found.key for file in files]
    return {
        seed.key: seed.petition
        for seed in Seed.objects.filter(key__in=keys).select_related("petition__version")
    }


def _plant_all(files: Sequence[SeedFile]) -> Iterator[Petition]:
    """Plant in portions. One instant dates them all: equals draw lots for their place, so the order prefers none."""
    topics, now = {topic.slug: topic for topic in Topic.objects.all()}, _now()
    for start in range(0, len(files), PORTION):
        portion = files[start : start + PORTION]
        petitions = _petitions(portion, topics, now)
        Petition.objects.bulk_create(petitions)
        Version.objects.bulk_create(each.version for each in petitions if each.version)
        Tally.objects.bulk_create(Tally(petition=each) for each in petitions)
        Seed.objects.bulk_create(map(_seed, portion, petitions))
        record_first(petitions=petitions, actor=Actor.IMPORT, at=now)
        connection.check_constraints()
        yield from petitions


def _petitions(files: Sequence[SeedFile], topics: dict[str, Topic], now: datetime) -> list[Petition]:
    """Return the petitions of these files with their wordings, numbered and not yet stored."""
    makers = _makers(clean_line(file.found.decision_maker) for file in files)
    numbers = zip(_drawn(Petition, len(files)), _drawn(Version, len(files)), strict=True)
    return [
        _petition(file.found, pk, _version(file.found, version, makers, now), topics, now)
        for file, (pk, version) in zip(files, numbers, strict=True)
    ]


def _petition(found: Found, pk: int, version: Version, topics: dict[str, Topic], now: datetime) -> Petition:
    petition = Petition(
        pk=pk,
        state=found.state,
        slug=slug_for(version.title, pk),
        starter_name=found.starter_name,
        topic=topics.get(found.topic),
        first_goal=found.first_goal,
        language=found.language,
        closes_at=found.closes_at,
        # A published petition is dated as one that was submitted, too.
        submitted_at=now,
        published_at=now if found.state == State.PUBLISHED else None,
        version=version,
    )
    version.petition = petition
    return petition


def _version(found: Found, pk: int, makers: dict[str, int], now: datetime) -> Version:
    """Return the text once and for all: captures as plain paragraphs, what was written for us as Markdown."""
    formats = Version.Format
    version = Version(pk=pk, number=1, frozen_at=now)
    version.decision_maker_id = makers.get(clean_line(found.decision_maker))
    draft = Draft(title=found.title, ask=found.ask, body=found.body)
    put_into_words(version, draft, form=formats.MARKDOWN if found.shape == Shape.MARKDOWN else formats.PLAIN)
    return version


def _makers(names: Iterable[str]) -> dict[str, int]:
    """Return the numbers of these decision makers, the new ones among them; other cases of a name are the same."""
    known = list(dict.fromkeys(name for name in names if name))
    with connection.cursor() as cursor:
        cursor.execute(_BRING_MAKERS, [known])
        cursor.execute(_FIND_MAKERS, [known])
        return dict(cursor.fetchall())


def _drawn(model: type[Model], count: int) -> list[int]:
    """Draw so many numbers for new rows."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [model._meta.db_table, count])  # noqa: SLF001 - Django's public meta API
        return [row[0] for row in cursor.fetchall()]


def _now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def _seed(file: SeedFile, petition: Petition) -> Seed:
    found = file.found
    return Seed(
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
