"""How many have signed, and what a search looks through."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from petitions.models.petition import Petition


class Tally(models.Model):
    """How many signatures have been rolled up; with the open deltas it is the exact count."""

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True, related_name="tally")
    signatures = models.PositiveIntegerField(_("signatures"), default=0)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        indexes = [models.Index(F("signatures").desc(), F("petition").desc(), name="tally_most_signed")]


class Delta(models.Model):
    """A change of the count that is not rolled up yet."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="deltas")
    change = models.SmallIntegerField()
    at = models.DateTimeField(db_default=Now())


class SearchEntry(models.Model):
    """What is found by words: a narrow row, so that a search touches few pages (measured; docs/decisions/0006)."""

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True, related_name="search_entry")
    vector = SearchVectorField()
    title = models.TextField()

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], fastupdate=False, name="search_words"),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="search_similar_titles"),
        ]
