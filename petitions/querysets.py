"""What can be asked of petitions; views and services chain these and filter on nothing themselves."""

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from petitions.expressions import GoalShare, Headings, Lot, Words, own_words
from petitions.states import EDITABLE, PUBLIC, State

if TYPE_CHECKING:
    from accounts.models import User
    from petitions.models import (  # noqa: F401 - named in strings below
        Edit,
        Objection,
        Petition,
        Reason,
        SearchEntry,
        Tally,
        Topic,
        Version,
    )

IS_OPEN = Q(state=State.PUBLISHED) & (Q(closes_at__isnull=True) | Q(closes_at__gt=Now()))
# From this share of its next goal on a petition is close to it.
NEAR = 0.8
# A hyphen before a word: the search box's way to say “without”. In some language the word has another stem, so there it
# never rules anything out; the petition's own language has to agree.
RULES_OUT = re.compile(r"(?:^|\s)-\S")


# What a list shows of a petition.
CARD = (
    "pk",
    "slug",
    "state",
    "language",
    "published_at",
    "first_goal",
    "tally__signatures",
    "version__title",
    "version__snippet",
    "version__decision_maker__name",
    "topic__name",
    "topic__slug",
)


class PetitionQuerySet(models.QuerySet["Petition"]):
    """Questions about petitions."""

    def public(self) -> Self:
        """Return those that everybody may read: published, closed or victorious."""
        return self.filter(state__in=PUBLIC)

    def decided(self) -> Self:
        """Return those that a moderator or an import has decided on: what may have a public page of some kind."""
        return self.filter(state__in=(*PUBLIC, State.REJECTED, State.REMOVED))

    def open(self) -> Self:
        """Return those that can be signed now, by the database's clock."""
        return self.filter(IS_OPEN)

    def owned_by(self, user: "User") -> Self:
        """Return those that this person started."""
        return self.filter(starter=user)

    def editable(self) -> Self:
        """Return those on which the starter still writes."""
        return self.filter(state__in=EDITABLE)

    def waiting(self) -> Self:
        """Return those that wait for a moderator, oldest first."""
        return self.filter(state=State.SUBMITTED).order_by("submitted_at", "pk")

    def due_to_close(self) -> Self:
        """Return the published whose time is up, by the database's clock."""
        return self.filter(state=State.PUBLISHED, closes_at__lte=Now())

    def with_text(self) -> Self:
        """Bring the current version, its decision maker and the topic in the same query."""
        return self.select_related("version__decision_maker", "topic", "tally", "seed")

    def for_lists(self) -> Self:
        """Like `with_text`, without the long texts that no list shows."""
        return self.with_text().defer("version__body", "version__body_html")

    def for_cards(self) -> "models.QuerySet[Petition, tuple[Any, ...]]":
        """Bring the plain values that a list shows, for `petitions.cards.Card.made_of`."""
        return self.values_list(*CARD)

    def cards_of(self, keys: Collection[int]) -> list[tuple[Any, ...]]:
        """Return the plain values of these that a list shows, in this order."""
        rows = {row[0]: row for row in self.filter(pk__in=keys).for_cards()}
        return [rows[key] for key in keys if key in rows]

    def newest(self) -> Self:
        """Order by publication, latest first; what was published at one instant changes places every day."""
        return self.order_by(F("published_at").desc(), Lot("pk"))

    def most_signed(self) -> Self:
        """Order by the tally (at most a second behind the exact count); equals change places every day."""
        # Naming the tally makes an inner join of it, and with that its index usable.
        return self.filter(tally__isnull=False).order_by("-tally__signatures", Lot("pk"))

    def most_signed_keys(self) -> models.QuerySet["Petition", Any]:
        """Return their keys alone, the most signed first; equals stand as the index has them."""
        signed = self.filter(tally__isnull=False).order_by("-tally__signatures", "-tally__petition")
        return signed.values("pk")

    def moving(self) -> Self:
        """Return the open ones that somebody has signed, most signed first."""
        return self.open().filter(tally__signatures__gt=0).most_signed()

    def near_goal(self) -> Self:
        """Return the open ones that have four fifths of their next goal, the smallest missing share first."""
        share = GoalShare(F("tally__signatures"), F("tally__first_goal"))
        signed = self.open().filter(tally__signatures__gt=0).alias(share=share)
        return signed.filter(share__gte=NEAR).order_by(F("share").desc(), Lot("pk"))

    def won(self) -> Self:
        """Return the victories."""
        return self.filter(state=State.VICTORY)

    def about(self, topics: Collection[int] | None) -> Self:
        """Return those of these topics (by key, so that no row is joined before it is known to be one of them)."""
        return self if topics is None else self.filter(topic__in=topics)

    def standing(self, states: Collection[str]) -> Self:
        """Return those in these states; in any where none is named."""
        return self.filter(state__in=states) if states else self

    def matching(self, words: str) -> Self:
        """Return those that have the words in title, ask, text or addressee, by a look at each that is met."""
        matches = self.filter(search_entry__vector=Words(words))
        return matches.filter(search_entry__vector=own_words(words)) if RULES_OUT.search(words) else matches

    def count_by_topic_and_state(self) -> list[tuple[int | None, str, int, int]]:
        """Return how many there are of each topic in each state, and how many of them can be signed now."""
        groups = self.order_by().values_list("topic", "state")
        return list(groups.annotate(total=models.Count("*"), open=models.Count("state", filter=IS_OPEN)))


class TallyQuerySet(models.QuerySet["Tally"]):
    """Questions about tallies, which are asked more quickly than those about petitions."""

    def public(self) -> Self:
        """Return those of petitions that everybody may read."""
        return self.filter(petition__state__in=PUBLIC)

    def about(self, topic: int) -> Self:
        """Return those of this topic (by key)."""
        return self.filter(topic=topic)

    def standing(self, states: Collection[str]) -> Self:
        """Return those of petitions in these states; in any where none is named."""
        return self.filter(petition__state__in=states) if states else self

    def most_signed(self) -> Self:
        """Order as petitions are: by signatures; equals change places every day."""
        return self.order_by("-signatures", Lot("petition"))


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    """Questions about what is found by words."""

    def public(self) -> Self:
        """Return those of petitions that everybody may read."""
        return self.filter(state__in=PUBLIC)

    def about(self, topics: Collection[int] | None) -> Self:
        """Return those of these topics (by key, so that no row is joined before it is known to be one of them)."""
        return self if topics is None else self.filter(topic__in=topics)

    def standing(self, states: Collection[str]) -> Self:
        """Return those in these states; in any where none is named."""
        return self.filter(state__in=states) if states else self

    def matching(self, words: str) -> Self:
        """Return those that have the words in title, ask, text or addressee."""
        matches = self.filter(vector=Words(words))
        own = own_words(words, "petition__language")
        return matches.filter(vector=own) if RULES_OUT.search(words) else matches

    def most_signed_keys(self) -> models.QuerySet["SearchEntry", Any]:
        """Return their petitions' keys alone, by about how many have signed; equals stand as petitions' do."""
        return self.order_by("-signatures", "-petition").values("petition")

    def headed(self, words: str) -> Self:
        """Return those that have the words in title or ask."""
        return self.alias(headings=Headings("vector")).filter(headings=Words(words))

    def count_by_topic_and_state(self) -> list[tuple[int | None, str, int]]:
        """Return how many there are of each topic in each state, in one statement."""
        return list(self.order_by().values_list("topic", "state").annotate(count=models.Count("*")))


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Questions about objections."""

    def waiting(self) -> Self:
        """Return those that nobody has decided on, oldest first."""
        return self.filter(upheld__isnull=True).order_by("made_at", "pk")

    def upheld(self) -> Self:
        """Return those that were upheld."""
        return self.filter(upheld=True)

    def overruling(self, person: "User") -> Self:
        """Return those by which a decision of this person was set aside, however long ago, the latest first."""
        return self.upheld().filter(first_decider=person).order_by("-decided_at", "-pk")

    def dismissed(self) -> Self:
        """Return those that changed nothing."""
        return self.filter(upheld=False)

    def reopening(self) -> Self:
        """Return those that were upheld and because of which a rejected petition waits again."""
        again = self.filter(petition__state=State.SUBMITTED, transition__target=State.REJECTED)
        return again.upheld().filter(decided_at__gte=F("petition__submitted_at"))

    def for_lists(self) -> Self:
        """Bring the petition's title, the decision objected to and the people in the same query."""
        return self.select_related("petition__version", "transition", "author", "first_decider", "decider")


class EditQuerySet(models.QuerySet["Edit"]):
    """Questions about edits after publication."""

    def open(self) -> Self:
        """Return those that are neither decided on nor taken back."""
        return self.filter(accepted__isnull=True, taken_back_at__isnull=True)

    def decided(self) -> Self:
        """Return those that were accepted or declined."""
        return self.filter(accepted__isnull=False)

    def waiting(self) -> Self:
        """Return the open ones of petitions that still are published, oldest first."""
        return self.open().filter(petition__state=State.PUBLISHED).order_by("proposed_at", "pk")

    def for_lists(self) -> Self:
        """Bring the petition, both wordings and the people in the same query."""
        wordings = ("version__decision_maker", "basis__decision_maker", "petition__version")
        return self.select_related(*wordings, "author", "decider")


class VersionQuerySet(models.QuerySet["Version"]):
    """Questions about wordings."""

    def corrections(self) -> Self:
        """Return those that an administrator made, asking somebody else for what the starter had written."""
        return self.filter(author__isnull=False).exclude(author=F("petition__starter"))


class ReasonQuerySet(models.QuerySet["Reason"]):
    """Questions about reasons."""

    def in_use(self) -> Self:
        """Return those that may be given today, in the order of the rules page."""
        return self.filter(active=True).order_by("position", "code")


class TopicQuerySet(models.QuerySet["Topic"]):
    """Questions about topics."""

    def in_order(self) -> Self:
        """Return all, also those that are no longer chosen, in their order."""
        return self.order_by("position", "name")

    def in_use(self) -> Self:
        """Return those that can be chosen, in their order."""
        return self.filter(active=True).order_by("position", "name")
