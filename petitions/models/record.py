"""The record of moves: written once, never changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from petitions.models.lists import Reason
from petitions.models.petition import Petition, Version
from petitions.states import State

# What a moderator may write to the starter, or for the others.
LONGEST_NOTE = 4000


class Transition(models.Model):
    """One move of a petition: who, when, from where, to where and why. Written once, never changed."""

    petition = models.ForeignKey(
        Petition, models.PROTECT, related_name="transitions", verbose_name=_("petition")
    )
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", verbose_name=_("version"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"), db_default=Now())
    source = models.CharField(_("from"), max_length=20, choices=State.choices)
    target = models.CharField(_("to"), max_length=20, choices=State.choices)
    reasons = models.ManyToManyField(Reason, through="TransitionReason", verbose_name=_("reasons"))
    note_to_starter = models.TextField(_("note to the starter"), max_length=LONGEST_NOTE, blank=True)
    internal_note = models.TextField(_("internal note"), max_length=LONGEST_NOTE, blank=True)
    duplicate_of = models.ForeignKey(
        Petition,
        models.PROTECT,
        null=True,
        related_name="duplicates",
        verbose_name=_("asks the same as"),
    )

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        indexes = [
            models.Index(fields=["petition", "-at", "-id"], name="transition_latest"),
            models.Index(fields=["at"], name="transition_by_time"),
            models.Index("target", F("id").desc(), name="transition_by_target"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(duplicate_of=F("petition")), name="transition_duplicates_another"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} → {self.get_target_display()}"

    @property
    def is_by_person(self) -> bool:
        """Whether somebody did it, not the clock."""
        return self.actor_id is not None


class TransitionReason(models.Model):
    """A reason given for a move; it keeps the reason from being deleted."""

    transition = models.ForeignKey(Transition, models.PROTECT, related_name="given")
    reason = models.ForeignKey(Reason, models.PROTECT, related_name="given")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["transition", "reason"], name="reason_given_once")]
