"""One row for each mail, pause and address that came back, and one for the last beat; the database's clock rules."""

from datetime import timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from outbox.masking import mask

# What nobody need look up any more: settled mails lose their address and values then.
KEPT_FOR = timedelta(days=90)
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


# Mails that need nothing more: they have left, or never will.
SETTLED = (State.SENT, State.DROPPED)


class MessageQuerySet(models.QuerySet["Message"]):
    """What can be asked about mails."""

    def queued(self) -> "MessageQuerySet":
        """Mails that have neither left nor been given up."""
        return self.filter(state=State.QUEUED)

    def held_by(self, owner: UUID) -> "MessageQuerySet":
        """Queued mails whose lease is still this owner's; nobody else may record what became of them."""
        return self.queued().filter(lease_owner=owner)

    def dead(self) -> "MessageQuerySet":
        """Mails that were given up: the dead letters."""
        return self.filter(state=State.FAILED)

    def settled(self) -> "MessageQuerySet":
        """Mails that need nothing more and still say to whom they went."""
        return self.filter(state__in=SETTLED).exclude(to_address="")

    def old(self) -> "MessageQuerySet":
        """Mails that were written longer ago than their address and values are kept."""
        return self.filter(created_at__lt=Now() - KEPT_FOR)

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
    last_error = models.TextField(_("last answer"), default="", blank=True, db_default="")
    maybe_duplicate = models.BooleanField(_("may have arrived twice"), default=False, db_default=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        db_table = "outbox_message"
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        permissions = [("handle_message", _("Can send mails again, drop them, and pause"))]
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
            # By kind before time, so that a paused kind is passed over in one step however much of it waits.
            models.Index(
                fields=["lane", "kind", "due_at", "id"],
                condition=Q(state=State.QUEUED),
                name="outbox_message_waiting",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=SETTLED) & ~Q(to_address=""),
                name="outbox_message_settled",
            ),
            models.Index(fields=["id"], condition=Q(state=State.FAILED), name="outbox_message_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class PauseQuerySet(models.QuerySet["Pause"]):
    """What can be asked about pauses."""

    def active(self) -> "PauseQuerySet":
        """Pauses that nobody and nothing has ended."""
        return self.filter(ended_at=None)

    def automatic(self) -> "PauseQuerySet":
        """Active pauses that the mail server's answer brought about."""
        return self.active().filter(is_automatic=True)

    def probe_due(self) -> "PauseQuerySet":
        """Automatic pauses whose next probe may be tried."""
        return self.automatic().filter(probe_at__lte=Now())


class Pause(models.Model):
    """Until it is ended, mails of this kind stay in the queue; one without a kind keeps all mails there."""

    kind = models.CharField(max_length=64, blank=True, default="")
    # A person's words, or the mail server's.
    reason = models.TextField(blank=True, default="")
    is_automatic = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())
    probe_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        db_table = "outbox_pause"
        verbose_name = _("pause")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "is_automatic"], condition=Q(ended_at=None), name="outbox_pause_once"
            ),
            models.CheckConstraint(
                condition=Q(is_automatic=False, probe_at=None)
                | Q(is_automatic=True, kind="", probe_at__isnull=False),
                name="outbox_pause_automatic_is_probed",
            ),
        ]

    def __str__(self) -> str:
        return self.kind or str(_("everything"))


class Suppression(models.Model):
    """An address that the mail server called permanently wrong; no bulk mail goes there."""

    address = models.CharField(_("address"), max_length=320, unique=True)
    at = models.DateTimeField(_("came back"), db_default=Now())
    answer = models.TextField(_("the server’s answer"))
    times = models.IntegerField(_("times"), default=1, db_default=1)
    kind = models.CharField(_("last mail"), max_length=64)

    class Meta:
        db_table = "outbox_suppression"
        verbose_name = _("address that came back")
        verbose_name_plural = _("addresses that came back")
        default_permissions = ("view", "delete")

    def __str__(self) -> str:
        return mask(self.address)


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
