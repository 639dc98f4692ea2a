"""The milestones that petitions reach, what is still to be announced of them, and the mails that forms caused."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least, Now
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


# Since when one has been due; a fault that puts it off makes that no shorter.
SINCE = Least("due_at", "stuck_since")


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """What can be asked about announcements."""

    def open(self) -> "AnnouncementQuerySet":
        """Return those of which not everybody has been told."""
        return self.filter(done_at__isnull=True)

    def due(self) -> "AnnouncementQuerySet":
        """Return those that go on now, the one that has waited longest first."""
        return self.open().filter(due_at__lte=Now()).order_by("due_at", "pk")


class Announcement(models.Model):
    """Something that supporters are told; worked off in chunks that can stop and go on anywhere."""

    milestone = models.OneToOneField(
        Milestone, models.PROTECT, related_name="announcement", verbose_name=_("milestone")
    )
    # The list of supporters is gone through twice: late commits of the first time are met by the second.
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    cursor = models.BigIntegerField(_("last signature told"), default=0)
    due_at = models.DateTimeField(_("goes on"), db_default=Now())
    # When it was due the first time that it met a fault of ours; empty while it goes on.
    stuck_since = models.DateTimeField(_("stuck since"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)

    objects = AnnouncementQuerySet.as_manager()

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
