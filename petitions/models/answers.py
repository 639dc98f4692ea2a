"""What a starter says after a decision: an objection to it, or a new wording of what is published."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from petitions.models.petition import Petition, Version
from petitions.models.record import LONGEST_NOTE, Transition
from petitions.querysets import EditQuerySet, ObjectionQuerySet

SHORTEST_OBJECTION, LONGEST_OBJECTION = 20, 4000


def _all_or_none(*names: str) -> Q:
    """Return the condition that these columns are filled together."""
    filled, empty = Q(), Q()
    for name in names:
        filled &= Q(**{f"{name}__isnull": False})
        empty &= Q(**{f"{name}__isnull": True})
    return filled | empty


class Objection(models.Model):
    """A starter's one objection to a rejection or a removal; somebody else than the first decider decides on it."""

    transition = models.OneToOneField(
        Transition, models.PROTECT, related_name="objection", verbose_name=_("decision objected to")
    )
    petition = models.ForeignKey(
        Petition, models.PROTECT, related_name="objections", verbose_name=_("petition")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who objects")
    )
    text = models.TextField(_("objection"), max_length=LONGEST_OBJECTION)
    made_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    first_decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who decided first")
    )
    decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who decided")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    upheld = models.BooleanField(_("upheld"), null=True)
    note = models.TextField(_("note to the starter"), max_length=LONGEST_NOTE, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        indexes = [models.Index("made_at", condition=Q(upheld__isnull=True), name="objection_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["petition"], condition=Q(upheld__isnull=True), name="objection_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(decider=F("first_decider")), name="objection_decided_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(decider=F("author")) & ~Q(first_decider=F("author")),
                name="objection_not_decided_by_its_author",
            ),
            models.CheckConstraint(
                condition=_all_or_none("decider", "decided_at", "upheld"), name="objection_decided_whole"
            ),
            models.CheckConstraint(condition=~Q(upheld=False, note=""), name="objection_dismissed_says_why"),
        ]

    def __str__(self) -> str:
        return self.text


class Edit(models.Model):
    """A new wording that a starter proposes for a published petition; the old one is shown until it is accepted."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="edits", verbose_name=_("petition"))
    version = models.OneToOneField(
        Version, models.PROTECT, related_name="edit", verbose_name=_("proposed wording")
    )
    basis = models.ForeignKey(
        Version, models.PROTECT, related_name="+", verbose_name=_("wording it starts from")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who proposes")
    )
    proposed_at = models.DateTimeField(_("proposed"), db_default=Now(), editable=False)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, editable=False)
    decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who decided")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    accepted = models.BooleanField(_("accepted"), null=True)
    note = models.TextField(_("note to the starter"), max_length=LONGEST_NOTE, blank=True)

    objects = EditQuerySet.as_manager()

    class Meta:
        verbose_name = _("edit after publication")
        verbose_name_plural = _("edits after publication")
        indexes = [
            models.Index(
                "proposed_at",
                condition=Q(accepted__isnull=True, taken_back_at__isnull=True),
                name="edit_waiting",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["petition"],
                condition=Q(accepted__isnull=True, taken_back_at__isnull=True),
                name="edit_one_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(decider=F("author")), name="edit_not_decided_by_its_author"),
            models.CheckConstraint(
                condition=_all_or_none("decider", "decided_at", "accepted"), name="edit_decided_whole"
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True) | Q(taken_back_at__isnull=True),
                name="edit_decided_or_taken_back",
            ),
            models.CheckConstraint(condition=~Q(accepted=False, note=""), name="edit_declined_says_why"),
            models.CheckConstraint(condition=~Q(version=F("basis")), name="edit_is_another_wording"),
        ]

    def __str__(self) -> str:
        return str(self.version)

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided on it and its starter has not taken it back."""
        return self.accepted is None and self.taken_back_at is None
