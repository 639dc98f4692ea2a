"""How many have signed, and what a search looks through."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from petitions.expressions import GoalShare, Headings
from petitions.goals import FIRST_GOAL_DEFAULT
from petitions.models.lists import Topic
from petitions.models.petition import Petition
from petitions.querysets import SearchEntryQuerySet, TallyQuerySet


class Tally(models.Model):
    """How many signatures have been rolled up; with the open deltas it is the exact count.

    The database copies first goal and topic from the petition, so that one index knows who is close to the next goal, and
    another the most signed ones of a topic.
    """

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True, related_name="tally")
    signatures = models.PositiveIntegerField(_("signatures"), default=0)
    first_goal = models.PositiveIntegerField("first goal", db_default=FIRST_GOAL_DEFAULT, editable=False)
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        indexes = [
            models.Index(F("signatures").desc(), F("petition").desc(), name="tally_most_signed"),
            models.Index("topic", F("signatures").desc(), F("petition").desc(), name="tally_by_topic"),
            models.Index(
                GoalShare(F("signatures"), F("first_goal")).desc(),
                condition=Q(signatures__gt=0),
                name="tally_near_goal",
            ),
        ]


class Delta(models.Model):
    """A change of the count that is not rolled up yet."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="deltas")
    change = models.SmallIntegerField()
    at = models.DateTimeField(db_default=Now())


class SearchEntry(models.Model):
    """What is found by words: a narrow row, so that a search touches few pages (measured; docs/decisions/0006).

    The database copies state, topic and signatures whenever an entry is written, and pads it so that the vector is kept
    apart. The signatures are those of about now: `discovery.keep_up` writes it again when they have moved by a tenth.
    """

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True, related_name="search_entry")
    vector = SearchVectorField()
    title = models.TextField()
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )
    state = models.CharField(max_length=20, db_default="", editable=False)
    signatures = models.PositiveIntegerField(db_default=0, editable=False)
    padding = models.TextField(db_default="", editable=False)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], fastupdate=False, name="search_words"),
            GinIndex(Headings("vector"), fastupdate=False, name="search_headings"),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="search_similar_titles"),
        ]


class TitleWord(models.Model):
    """A word that some title has or had, in lower case and without accents; the database learns it with the entry."""

    word = models.TextField(primary_key=True)

    class Meta:
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="title_words_alike")]
