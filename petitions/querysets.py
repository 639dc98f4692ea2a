"""What can be asked of petitions; views and services chain these and filter on nothing themselves."""

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.search import SearchRank, TrigramWordDistance
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Ln, Now

from petitions.expressions import Headings, Lot, Words, next_goal, own_words, plain
from petitions.states import EDITABLE, PUBLIC, State

if TYPE_CHECKING:
    from accounts.models import User
    from petitions.models import Edit, Objection, Petition, Reason, Topic  # noqa: F401 - named in strings below

IS_OPEN = Q(state=State.PUBLISHED) & (Q(closes_at__isnull=True) | Q(closes_at__gt=Now()))
# Ranking reads the vectors of so many matches at most: the most signed, and those that say it in the title.
RANKED_MOST_SIGNED, RANKED_TITLES = 500, 100
# A hyphen before a word: the search box's way to say “without”.
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

    def newest(self) -> Self:
        """Order by publication, latest first; what was published at one instant changes places every day."""
        return self.order_by(F("published_at").desc(), Lot("pk"))

    def most_signed(self) -> Self:
        """Order by the tally (at most a second behind the exact count); equals change places every day."""
        # Naming the tally makes an inner join of it, and with that its index usable.
        return self.filter(tally__isnull=False).order_by("-tally__signatures", Lot("pk"))

    def moving(self) -> Self:
        """Return the open ones that somebody has signed, most signed first."""
        return self.open().filter(tally__signatures__gt=0).most_signed()

    def near_goal(self) -> Self:
        """Return the open ones that have four fifths of their next goal, the smallest missing share first."""
        signed = self.open().filter(tally__signatures__gt=0)
        with_goal = signed.alias(next_goal=next_goal("tally__signatures", "first_goal"))
        near = with_goal.filter(tally__signatures__gte=F("next_goal") * 4 / 5)
        return near.order_by((F("tally__signatures") * 1.0 / F("next_goal")).desc(), Lot("pk"))

    def won(self) -> Self:
        """Return the victories."""
        return self.filter(state=State.VICTORY)

    def about(self, topics: Collection[str]) -> Self:
        """Return those of these topics (by address part); of any where none is named."""
        return self.filter(topic__slug__in=topics) if topics else self

    def standing(self, states: Collection[str]) -> Self:
        """Return those in these states; in any where none is named."""
        return self.filter(state__in=states) if states else self

    def matching(self, words: str) -> Self:
        """Return those that have the words in title, ask, text or addressee; all where there are none."""
        if not words:
            return self
        matches = self.filter(search_entry__vector=Words(words))
        # In some language a word has another stem, so there it never rules anything out.
        return matches.filter(search_entry__vector=own_words(words)) if RULES_OUT.search(words) else matches

    def best_first(self, words: str) -> Self:
        """Order matches by how well the words fit and, gently, by signatures."""
        signed = self.filter(tally__isnull=False).order_by("-tally__signatures", "-tally__petition")
        most_signed = signed.values("pk")[:RANKED_MOST_SIGNED]
        titles = self.alias(headings=Headings("search_entry__vector")).filter(headings=Words(words))
        candidates = self.filter(Q(pk__in=most_signed) | Q(pk__in=titles.values("pk")[:RANKED_TITLES]))
        fit = SearchRank(F("search_entry__vector"), Words(words))
        rank = fit * (Value(1.0) + Value(0.1) * Ln(F("tally__signatures") + Value(1.0)))
        return candidates.alias(rank=rank).order_by("-rank", Lot("pk"))

    def titled_like(self, words: str) -> Self:
        """Return those whose title has something that looks like the words, the most alike first."""
        typed: Any = plain(words)
        alike = self.filter(search_entry__title__trigram_word_similar=typed)
        return alike.order_by(TrigramWordDistance(typed, "search_entry__title"), Lot("pk"))

    def totals(self) -> dict[str, int]:
        """Return how many there are (`total`), and how many of them can be signed now (`open`)."""
        return self.aggregate(total=models.Count("pk"), open=models.Count("pk", filter=IS_OPEN))

    def count_by_topic_and_state(self) -> list[tuple[str | None, str, int]]:
        """Return how many there are of each topic (by address part) in each state, in one statement."""
        groups = self.order_by().values_list("topic__slug", "state")
        return list(groups.annotate(count=models.Count("pk")))


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Questions about objections."""

    def waiting(self) -> Self:
        """Return those that nobody has decided on, oldest first."""
        return self.filter(upheld__isnull=True).order_by("made_at", "pk")

    def reopening(self) -> Self:
        """Return those that were upheld and because of which a rejected petition waits again."""
        again = self.filter(petition__state=State.SUBMITTED, transition__target=State.REJECTED)
        return again.filter(upheld=True, decided_at__gte=F("petition__submitted_at"))

    def for_lists(self) -> Self:
        """Bring the petition's title, the decision objected to and the people in the same query."""
        return self.select_related("petition__version", "transition", "author", "first_decider", "decider")


class EditQuerySet(models.QuerySet["Edit"]):
    """Questions about edits after publication."""

    def open(self) -> Self:
        """Return those that are neither decided on nor taken back."""
        return self.filter(accepted__isnull=True, taken_back_at__isnull=True)

    def waiting(self) -> Self:
        """Return the open ones of petitions that still are published, oldest first."""
        return self.open().filter(petition__state=State.PUBLISHED).order_by("proposed_at", "pk")

    def for_lists(self) -> Self:
        """Bring the petition, both wordings and the people in the same query."""
        wordings = ("version__decision_maker", "basis__decision_maker", "petition__version")
        return self.select_related(*wordings, "author", "decider")


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

    def with_public_counts(self) -> Self:
        """Annotate `petition_count`: how many everybody may read."""
        public: Any = Q(petitions__state__in=PUBLIC)
        return self.annotate(petition_count=models.Count("petitions", filter=public))

    def in_print(self) -> Self:
        """Return those under which there is something to read, with `petition_count`."""
        return self.in_order().with_public_counts().filter(petition_count__gt=0)
