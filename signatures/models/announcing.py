"""The milestones that petitions reach, what is still to be announced of them, and the mails that forms caused."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from petitions.models import Petition


class Milestone(models.Model):
    """A goal that a petition has reached; recorded once, never undone."""

    petition = models.ForeignKey(
        Petition, models.PROTECT, related_name="milestones", verbose_name=_("petition")
    )
    threshold = models.PositiveIntegerField(_("goal"))
    signatures = models.PositiveIntegerField(_("signatures then"))
    reached_at = models.DateTimeField(_("reached"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.UniqueConstraint(fields=["petition", "threshold"], name="milestone_reached_once"),
            models.CheckConstraint(condition=Q(signatures__gte=F("threshold")), name="milestone_was_reached"),
        ]

    def __str__(self) -> str:
        return str(self.threshold)


class Announcement(models.Model):
    """Something that supporters are told; worked off in chunks that can stop and go on anywhere."""

    milestone = models.OneToOneField(
        Milestone, models.PROTECT, related_name="announcement", verbose_name=_("milestone")
    )
    # The list of supporters is gone through twice: late commits of the first time are met by the second.
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    cursor = models.BigIntegerField(_("last signature told"), default=0)
    due_at = models.DateTimeField(_("goes on"), db_default=Now())
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        indexes = [models.Index("due_at", condition=Q(done_at__isnull=True), name="announcement_due")]

    def __str__(self) -> str:
        return f"{self.milestone}"


class AskedMail(models.Model):
    """One mail that a visitor’s form caused; counted to cap them, and gone after two weeks."""

    address_hash = models.BinaryField(max_length=32)
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["address_hash", "at"], name="asked_mail_of_address")]
