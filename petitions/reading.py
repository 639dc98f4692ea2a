"""What the page of a public petition shows, as plain values read in one statement.

The values are compared to tell whether a part of the page has to be made anew (lib/templatetags/kept.py).
"""

from datetime import datetime
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.db import router
from django.utils.text import Truncator

from lib.prepared import Prepared
from petitions import record
from petitions.addresses import address_of
from petitions.cards import Subject, first_name, is_open
from petitions.counting import EXACT, IS_PUBLIC
from petitions.goals import Progress
from petitions.languages import language_tag
from petitions.models import Petition, Version
from petitions.record import Entry
from petitions.states import State

# What search engines and messengers show of a page.
DESCRIPTION_LENGTH = 200
ENDED = (State.CLOSED, State.VICTORY)

# The ORM takes longer to put this together than the database to answer it (docs/decisions/0014).
_READ = Prepared(
    "petition",
    f"""
SELECT p.id, p.slug, p.state, p.starter_name, p.language, p.published_at, p.closes_at,
       v.id, v.title, v.ask, v.snippet, coalesce(m.name, ''), topic.name, topic.slug,
       s.source, s.note, s.caption, s.claimed_signatures, s.claimed_supporters, s.imported_at,
       moves.sources, moves.targets, moves.by_person, moves.instants,
       (SELECT array_agg(decided_at ORDER BY decided_at) FROM petitions_edit WHERE petition_id = p.id AND accepted),
       (SELECT array_agg(created_at ORDER BY created_at) FROM petitions_version WHERE petition_id = p.id
           AND created_at > p.published_at AND author_id IS NOT NULL AND author_id IS DISTINCT FROM p.starter_id),
       {EXACT}, p.first_goal
  FROM petitions_petition p
  JOIN petitions_version v ON v.id = p.version_id
  JOIN petitions_tally t ON t.petition_id = p.id
  LEFT JOIN petitions_decisionmaker m ON m.id = v.decision_maker_id
  LEFT JOIN petitions_topic topic ON topic.id = p.topic_id
  LEFT JOIN petitions_seed s ON s.petition_id = p.id
 CROSS JOIN LATERAL (
       SELECT array_agg(source ORDER BY at, id) AS sources, array_agg(target ORDER BY at, id) AS targets,
              array_agg(actor_id IS NOT NULL ORDER BY at, id) AS by_person, array_agg(at ORDER BY at, id) AS instants
         FROM petitions_transition WHERE petition_id = p.id) moves
 WHERE p.id = %(pk)s AND {IS_PUBLIC}
""",  # noqa: S608 - constants
)
_BODY = Prepared("body", "SELECT body_html FROM petitions_version WHERE id = %(pk)s")


class Move(NamedTuple):
    """A move as the public record tells it."""

    source: str
    target: str
    is_by_person: bool
    at: datetime


class Origin(NamedTuple):
    """Where an imported petition comes from, as `petitions.models.Seed` says it."""

    source: str
    note: str
    caption: str
    claimed_signatures: int | None
    claimed_supporters: int | None
    imported_at: datetime


class Wording(NamedTuple):
    """A wording by its number; it is frozen, so its text is asked for only where it is shown for the first time."""

    pk: int

    @property
    def body_html(self) -> str:
        """The text as it was rendered when it was kept."""
        row = _BODY.row({"pk": self.pk}, using=router.db_for_read(Version))
        if row is None:
            raise Version.DoesNotExist
        return str(row[0])


class Document(NamedTuple):
    """Everything that the page shows of the petition itself, but for the count; templates call it `petition`."""

    pk: int
    slug: str
    state: str
    starter_name: str
    language_tag: str
    published_at: datetime
    closes_at: datetime | None
    version: Wording
    title: str
    ask: str
    snippet: str
    decision_maker_name: str
    topic: Subject | None
    seed: Origin | None
    moves: tuple[Move, ...]
    reworded_at: tuple[datetime, ...]
    corrected_at: tuple[datetime, ...]
    is_open: bool

    @property
    def called(self) -> str:
        """How the starter is called here; empty where there is none."""
        return first_name(self.starter_name)

    @property
    def address(self) -> str:
        """The page's own address, in full."""
        return f"{settings.SITE_URL}{address_of(self.slug)}"

    @property
    def ended(self) -> str:
        """How it ended. One whose time is up has, even where the clock has not closed it yet."""
        if self.is_open:
            return ""
        return str(State.VICTORY if self.state == State.VICTORY else State.CLOSED)

    @property
    def ended_at(self) -> datetime | None:
        """Since when it has ended."""
        return record.moved_at(self.moves, self.state) if self.state in ENDED else self.closes_at

    @property
    def lines(self) -> list[Entry]:
        """The record, oldest first."""
        moves = record.public_lines(self.moves)
        return record.with_changes(moves, reworded=self.reworded_at, corrected=self.corrected_at)


class Page(NamedTuple):
    """A petition's page: its document and its count."""

    petition: Document
    progress: Progress

    @property
    def description(self) -> str:
        """What search engines and messengers show."""
        petition = self.petition
        said = f"{self.progress.sentence} {petition.snippet}" if petition.is_open else petition.snippet
        return Truncator(said).chars(DESCRIPTION_LENGTH)

    @classmethod
    def of(cls, row: tuple[Any, ...], now: datetime) -> Self:
        """Make it of what the statement has found."""
        pk, slug, state, starter, language, published, closes, version, title, ask, snippet, maker, *more = (
            row
        )
        topic, origin, moves, more = more[:2], more[2:8], more[8:12], more[12:]
        reworded, corrected, signatures, first_goal = more
        document = Document(
            pk=pk,
            slug=slug,
            state=state,
            starter_name=starter,
            language_tag=language_tag(language),
            published_at=published,
            closes_at=closes,
            version=Wording(version),
            title=title,
            ask=ask,
            snippet=snippet,
            decision_maker_name=maker,
            topic=Subject(*topic) if topic[0] else None,
            seed=Origin(*origin) if origin[5] else None,
            moves=tuple(map(Move._make, zip(*(column or () for column in moves), strict=True))),
            reworded_at=tuple(reworded or ()),
            corrected_at=tuple(corrected or ()),
            is_open=is_open(state, closes, now),
        )
        return cls(document, Progress(signatures, first_goal))


def read(pk: int, now: datetime) -> Page | None:
    """Return what a reader sees of a public petition at this moment; None where it is not public."""
    row = _READ.row({"pk": pk}, using=router.db_for_read(Petition))
    return Page.of(row, now) if row else None
