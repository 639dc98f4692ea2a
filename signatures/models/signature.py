"""One person's name under one wording of one petition, and the wording of the consent."""

from django.conf import settings
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from petitions.models import Petition, Version
from signatures.querysets import SignatureQuerySet

LONGEST_NAME, LONGEST_REASON = 80, 500


class State(models.TextChoices):
    """Where a signature stands; only the confirmed count."""

    PENDING = "pending", _("waiting for confirmation")
    CONFIRMED = "confirmed", _("confirmed")
    HELD = "held", _("held for review")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REMOVED = "removed", _("removed")


# From here a person's own word makes it count.
WAITING = (State.PENDING, State.WITHDRAWN)


class Suspicion(models.TextChoices):
    """Why a signature is looked at before it counts; a hint for a person, never a verdict."""

    NONE = "", _("none")
    HONEYPOT = "honeypot", _("filled a field that people don’t see")
    HASTE = "haste", _("filled the form faster than people do")
    NETWORK = "network", _("many signatures from one network at once")


class Consent(models.Model):
    """One wording of the consent, in one language; a signature points to the one that was agreed to."""

    version = models.CharField(_("version"), max_length=20)
    language = models.CharField(_("language"), max_length=10)
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("since"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("consent wording")
        verbose_name_plural = _("consent wordings")
        constraints = [
            models.UniqueConstraint(fields=["version", "language", "text"], name="consent_worded_once")
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"


class Signature(models.Model):
    """One person's name under one wording of one petition."""

    petition = models.ForeignKey(
        Petition, models.PROTECT, related_name="signatures", verbose_name=_("petition")
    )
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", verbose_name=_("wording signed"))
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="+", verbose_name=_("consent"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="signatures",
        verbose_name=_("account"),
    )
    identity_hash = models.BinaryField(max_length=32, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    suspicion = models.CharField(
        _("why it is looked at"), max_length=10, choices=Suspicion.choices, blank=True, default=""
    )
    email = models.CharField(_("address as typed"), max_length=254)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    reason_hidden_at = models.DateTimeField(_("reason hidden"), null=True, editable=False)
    public = models.BooleanField(_("name is shown"), default=False)
    updates = models.BooleanField(_("wants mails"), default=False)
    language = models.CharField(_("language"), max_length=10, default=settings.LANGUAGE_CODE)
    email_domain = models.CharField(_("mail domain"), max_length=253)
    network_hash = models.BinaryField(max_length=32, null=True, editable=False)
    asked = models.JSONField(_("asked for, not confirmed"), null=True, editable=False)
    asked_at = models.DateTimeField(_("asked"), db_default=Now(), editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    # When it last began or ceased to count, or its person chose otherwise about mails; the audit of mails needs it.
    changed_at = models.DateTimeField(_("changed"), db_default=Now(), editable=False)
    removed_from = models.CharField(_("was"), max_length=10, blank=True, default="", editable=False)
    # Its index leaves out the many that nobody has removed.
    removal = models.ForeignKey(
        "Removal",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="removed",
        db_index=False,
        verbose_name=_("removed by"),
    )

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        permissions = [
            ("hide_reason", _("Can hide a reason")),
            ("release_signature", _("Can release held signatures")),
            ("remove_signature", _("Can remove and restore")),
            ("export_signatures", _("Can export what supporters show")),
        ]
        indexes = [
            models.Index(
                "petition",
                F("confirmed_at").desc(),
                F("id").desc(),
                condition=Q(state="confirmed"),
                name="signature_recent",
            ),
            models.Index(
                "petition", "id", condition=Q(state="confirmed", updates=True), name="signature_wants_mail"
            ),
            models.Index("petition", "network_hash", F("asked_at").desc(), name="signature_by_network"),
            models.Index("asked_at", condition=Q(state="pending"), name="signature_unconfirmed"),
            models.Index("asked_at", condition=Q(state="held"), name="signature_held"),
            models.Index(
                "state",
                F("id").desc(),
                condition=Q(state__in=["withdrawn", "removed"]),
                name="signature_ended",
            ),
            models.Index("suspicion", F("id").desc(), condition=~Q(suspicion=""), name="signature_suspected"),
            # Signers pay for these two: a hash of the address, and times, which only ever grow at their end.
            HashIndex(Lower("email"), name="signature_by_address"),
            models.Index("asked_at", name="signature_by_day"),
            models.Index(
                "petition",
                F("confirmed_at").desc(),
                F("id").desc(),
                condition=Q(state="confirmed", reason_hidden_at__isnull=True) & ~Q(reason=""),
                name="signature_reasons",
            ),
            models.Index("removal", "id", condition=Q(removal__isnull=False), name="signature_by_removal"),
            models.Index(
                "reason_hidden_at",
                condition=Q(reason_hidden_at__isnull=False),
                name="signature_reason_hidden",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["petition", "identity_hash"], name="signature_once_per_identity"),
            models.UniqueConstraint(fields=["petition", "user"], name="signature_once_per_account"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="signature_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "withdrawn"])
                | Q(confirmed_at__isnull=False, user__isnull=False),
                name="signature_confirmed_is_proven",
            ),
            models.CheckConstraint(
                condition=Q(state="removed", removed_from__in=["confirmed", "held"])
                | (~Q(state="removed") & Q(removed_from="")),
                name="signature_removed_knows_from_where",
            ),
            models.CheckConstraint(
                condition=Q(state="removed", removal__isnull=False)
                | (~Q(state="removed") & Q(removal__isnull=True)),
                name="signature_removed_knows_by_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.pk}"
