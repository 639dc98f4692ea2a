"""One row for each mail, and one for the last beat; the database's clock sets every time in them."""

from datetime import timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

# A lease that ran out this long ago should have been taken over by a sweep; a row still holding it is stuck.
STUCK_AFTER = timedelta(minutes=10)


class Lane(models.IntegerChoices):
    """The lower number goes first."""

    URGENT = 0, _("urgent")
    BULK = 1, _("bulk")


class State(models.TextChoices):
    """Only a queued mail ever moves, and it moves once."""

    QUEUED = "queued", _("queued")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("dropped")
    FAILED = "failed", _("failed")


class MessageQuerySet(models.QuerySet["Message"]):
    """What can be asked about mails."""

    def queued(self) -> "MessageQuerySet":
        """Mails that have neither left nor been given up."""
        return self.filter(state=State.QUEUED)

    def due(self) -> "MessageQuerySet":
        """Queued mails whose time has come, whether somebody is sending them or not."""
        return self.queued().filter(due_at__lte=Now())

    def waiting(self) -> "MessageQuerySet":
        """Due mails that nobody is sending at this moment."""
        return self.due().filter(Q(leased_until=None) | Q(leased_until__lt=Now()))

    def in_lane(self, lane: int) -> "MessageQuerySet":
        """Mails of one lane."""
        return self.filter(lane=lane)

    def held_by(self, owner: UUID) -> "MessageQuerySet":
        """Queued mails whose lease is still this owner's; nobody else may record what became of them."""
        return self.queued().filter(lease_owner=owner)

    def dead(self) -> "MessageQuerySet":
        """Mails that were given up: the dead letters."""
        return self.filter(state=State.FAILED)

    def stuck(self) -> "MessageQuerySet":
        """Queued mails whose sender vanished and that no sweep has taken over."""
        return self.queued().filter(leased_until__lt=Now() - STUCK_AFTER)


class Message(models.Model):
    """A mail to one person: what it is and to whom; the words are made when it leaves."""

    kind = models.CharField(_("kind"), max_length=64)
    lane = models.SmallIntegerField(_("lane"), choices=Lane)
    # Bytewise order, so that keys can be looked up by their beginning too.
    dedupe_key = models.CharField(_("key"), max_length=200, db_collation="C")
    to_address = models.CharField(_("to"), max_length=320)
    language = models.CharField(_("language"), max_length=16)
    context = models.JSONField(_("values"))
    message_id = models.CharField(_("Message-ID"), max_length=300)
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.QUEUED, db_default=State.QUEUED
    )
    attempts = models.IntegerField(_("attempts"), default=0, db_default=0)
    due_at = models.DateTimeField(_("due"), db_default=Now())
    leased_until = models.DateTimeField(_("being sent until"), null=True, blank=True)
    lease_owner = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(_("written"), db_default=Now())
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.TextField(_("last error"), default="", blank=True, db_default="")
    maybe_duplicate = models.BooleanField(_("may have arrived twice"), default=False, db_default=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        db_table = "outbox_message"
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key"], name="outbox_message_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="outbox_message_state_known"),
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="outbox_message_lane_known"),
            models.CheckConstraint(condition=Q(attempts__gte=0), name="outbox_message_attempts_count"),
            models.CheckConstraint(
                condition=Q(state=State.SENT, sent_at__isnull=False)
                | (~Q(state=State.SENT) & Q(sent_at__isnull=True)),
                name="outbox_message_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(lease_owner=None, leased_until=None)
                | Q(lease_owner__isnull=False, leased_until__isnull=False, state=State.QUEUED),
                name="outbox_message_lease_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "due_at", "id"], condition=Q(state=State.QUEUED), name="outbox_message_due"
            ),
            models.Index(fields=["id"], condition=Q(state=State.FAILED), name="outbox_message_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Beat(models.Model):
    """The only row says when the beat last reached a worker."""

    at = models.DateTimeField(_("at"))

    class Meta:
        db_table = "outbox_beat"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="outbox_beat_one_row")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"

    @staticmethod
    def stamp() -> None:
        """Note that the beat was heard now."""
        row = Beat(id=1, at=Now())
        Beat.objects.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=["at"])
