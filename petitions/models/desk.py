"""What moderators leave for one another, and what they were told."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from petitions.models.petition import Petition
from petitions.models.record import LONGEST_NOTE

LONGEST_VIEW_NAME, LONGEST_QUERY = 60, 1000


class Note(models.Model):
    """What one moderator tells the others about a petition. Written once, never changed, never public."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="notes", verbose_name=_("petition"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who")
    )
    text = models.TextField(_("note"), max_length=LONGEST_NOTE)
    at = models.DateTimeField(_("when"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="note_says_something")]

    def __str__(self) -> str:
        return self.text


class Opening(models.Model):
    """When a moderator last had the review page of a petition open."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="openings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["petition", "person"], name="opening_once_per_person")]


class SavedView(models.Model):
    """A list that somebody looks at often, under a name of their own; the query is what its address says after `?`."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=LONGEST_VIEW_NAME)
    query = models.CharField(max_length=LONGEST_QUERY)

    class Meta:
        constraints = [
            models.UniqueConstraint("person", Lower("name"), name="saved_view_named_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="saved_view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ModeratorAlert(models.Model):
    """When a moderator was last told that something waits, and of what: a number for each row of each list."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    told_at = models.DateTimeField()
    submissions = ArrayField(models.BigIntegerField())
