"""Removals: a saved question that takes signatures out of the count, how far it is, and what the public is told of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from petitions.models import Petition
from signatures.querysets import RemovalQuerySet

LONGEST_NOTE, LONGEST_PATTERN, MOST_DOMAINS = 500, 80, 50


class Kind(models.TextChoices):
    """Why signatures were removed; the numbers of each are public."""

    MADE_UP = "made-up", _("made-up addresses")
    AUTOMATED = "automated", _("sent by programs")
    DUPLICATES = "duplicates", _("the same people again")
    NOT_ELIGIBLE = "not-eligible", _("people who may not sign")
    OTHER = "other", _("another reason")


class Stage(models.TextChoices):
    """How far a removal is."""

    COUNTED = "counted", _("not started")
    RUNNING = "running", _("running")
    CANCELLED = "cancelled", _("cancelled")
    DONE = "done", _("done")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")


# A worker goes on with these.
MOVING = (Stage.RUNNING, Stage.UNDOING)
# What was taken by these can be put back.
ENDED = (Stage.DONE, Stage.CANCELLED)


class Removal(models.Model):
    """Which signatures are removed and why, and how far that is; those chosen by hand have no question."""

    petition = models.ForeignKey(
        Petition, models.PROTECT, null=True, related_name="removals", verbose_name=_("petition")
    )
    by_hand = models.BooleanField(_("chosen by hand"), default=False)
    domains = ArrayField(models.CharField(max_length=253), verbose_name=_("mail domains"), default=list)
    network = models.BinaryField(_("network"), max_length=32, null=True)
    asked_from = models.DateTimeField(_("asked from"), null=True)
    asked_before = models.DateTimeField(_("asked before"), null=True)
    name_pattern = models.CharField(_("name like"), max_length=LONGEST_PATTERN, blank=True)
    kind = models.CharField(_("why, for the public"), max_length=20, choices=Kind.choices)
    note = models.TextField(_("note for moderators"), max_length=LONGEST_NOTE)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.COUNTED)
    counted = models.PositiveIntegerField(_("counted"), default=0)
    counted_at = models.DateTimeField(_("counted at"), db_default=Now())
    taken = models.PositiveIntegerField(_("removed"), default=0)
    put_back = models.PositiveIntegerField(_("put back"), default=0)
    cursor = models.BigIntegerField(_("last signature looked at"), default=0)
    # What is asked for after the start stays.
    started_at = models.DateTimeField(_("started"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    undone_at = models.DateTimeField(_("undone"), null=True)

    objects = RemovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("removal")
        verbose_name_plural = _("removals")
        default_permissions = ["view"]
        indexes = [models.Index("started_at", condition=Q(stage__in=MOVING), name="removal_moving")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="removal_kind_known"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="removal_stage_known"),
            models.CheckConstraint(
                condition=Q(by_hand=True)
                | ~Q(domains=[])
                | Q(network__isnull=False)
                | Q(asked_from__isnull=False)
                | Q(asked_before__isnull=False)
                | ~Q(name_pattern=""),
                name="removal_asks_for_something",
            ),
            models.CheckConstraint(
                condition=Q(asked_from__isnull=True)
                | Q(asked_before__isnull=True)
                | Q(asked_from__lt=F("asked_before")),
                name="removal_window_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(put_back__lte=F("taken")), name="removal_puts_back_what_it_took"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["counted", "cancelled"]) | Q(started_at__isnull=False),
                name="removal_moving_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["counted", "running"]) | Q(ended_at__isnull=False),
                name="removal_ended_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(stage="undone") | Q(undone_at__isnull=False), name="removal_undone_is_dated"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Removal %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        """Return where moderators see how far it is."""
        return reverse("admin:signatures_removal_change", args=[self.pk])

    @property
    def stands(self) -> int:
        """How many are out of the count by it now."""
        return self.taken - self.put_back

    @property
    def is_moving(self) -> bool:
        """Whether a worker goes on with it."""
        return self.stage in MOVING

    @property
    def can_be_undone(self) -> bool:
        """Whether it has ended and something is left to put back."""
        return self.stage in ENDED and self.stands > 0


class RemovedCount(models.Model):
    """How many signatures of a petition are removed for one reason; written with them, read by its public page."""

    petition = models.ForeignKey(
        Petition, models.CASCADE, related_name="removed_counts", db_index=False, verbose_name=_("petition")
    )
    kind = models.CharField(_("why"), max_length=20, choices=Kind.choices)
    signatures = models.PositiveIntegerField(_("signatures"), default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["petition", "kind"], name="removed_counted_once")]
