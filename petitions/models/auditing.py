"""What the daily audit found: one row for each day, so that two who start it at once make one run."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AuditRunQuerySet(models.QuerySet["AuditRun"]):
    """What can be asked about audits."""

    def ended(self) -> "AuditRunQuerySet":
        """Audits that came to their end, latest first."""
        return self.filter(ended_at__isnull=False).order_by("-day")


class AuditRun(models.Model):
    """One day's audit: the promises that did not hold, each with the first sentences that say how."""

    day = models.DateField(_("day"), unique=True)
    began_at = models.DateTimeField(_("began"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True)
    breaches = models.PositiveIntegerField(_("breaches"), default=0, db_default=0)
    broken = models.JSONField(_("broken promises"), default=dict)

    objects = AuditRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
