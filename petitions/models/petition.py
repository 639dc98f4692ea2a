"""A petition and its wordings."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from petitions.expressions import plainly
from petitions.goals import FIRST_GOAL_DEFAULT, FIRST_GOAL_MAX, FIRST_GOAL_MIN, Progress
from petitions.languages import LANGUAGES, language_tag
from petitions.models.lists import LONGEST_NAME, DecisionMaker, Topic
from petitions.querysets import PetitionQuerySet, VersionQuerySet
from petitions.states import EDITABLE, PUBLIC, State

# The lengths that force clarity; the UK Parliament allows 80 and 1,100 characters, more room is kinder.
LONGEST_TITLE, LONGEST_ASK, LONGEST_BODY = 150, 300, 20_000
# A captured headline may be longer than what people type here.
LONGEST_HEADLINE = 250


class Petition(models.Model):
    """One ask to one decision maker; its text is the current version's, its count the tally's."""

    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT)
    slug = models.CharField(_("address part"), max_length=90, unique=True)
    version = models.ForeignKey(
        "Version", models.PROTECT, null=True, related_name="+", verbose_name=_("current version")
    )
    starter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="petitions",
        verbose_name=_("starter"),
    )
    starter_name = models.CharField(_("starter’s name"), max_length=LONGEST_NAME, blank=True)
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="petitions", verbose_name=_("topic")
    )
    first_goal = models.PositiveIntegerField(
        _("first goal"),
        default=FIRST_GOAL_DEFAULT,
        validators=[MinValueValidator(FIRST_GOAL_MIN), MaxValueValidator(FIRST_GOAL_MAX)],
    )
    language = models.CharField(
        _("language"), max_length=10, choices=LANGUAGES, default=settings.LANGUAGE_CODE
    )
    # Given by the start form, so that a double click makes one draft.
    request_key = models.UUIDField(default=uuid4, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)

    objects = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("petition")
        verbose_name_plural = _("petitions")
        permissions = [
            ("moderate_petition", _("Can decide on petitions")),
            ("uphold_objection", _("Can decide on objections")),
        ]
        indexes = [
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(state__in=PUBLIC),
                name="petition_newest",
            ),
            models.Index("submitted_at", "id", condition=Q(state=State.SUBMITTED), name="petition_waiting"),
            models.Index("state", F("id").desc(), name="petition_by_state"),
            models.Index(fields=["topic", "state"], include=["closes_at"], name="petition_by_topic"),
            models.Index("closes_at", condition=Q(state=State.PUBLISHED), name="petition_due_to_close"),
            GinIndex(OpClass(plainly("starter_name"), name="gin_trgm_ops"), name="petition_by_starter_name"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["starter", "request_key"], name="petition_started_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="petition_state_known"),
            models.CheckConstraint(
                condition=Q(first_goal__range=(FIRST_GOAL_MIN, FIRST_GOAL_MAX)),
                name="petition_first_goal_in_range",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | Q(version__isnull=False, submitted_at__isnull=False),
                name="petition_submitted_has_text",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=PUBLIC) | Q(published_at__isnull=False),
                name="petition_public_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED) | Q(closed_at__isnull=False), name="petition_closed_is_dated"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the public address."""
        return reverse("petitions:detail", args=[self.slug])

    def get_manage_url(self) -> str:
        """Return the address of the starter's room."""
        return reverse("petitions:manage", args=[self.slug])

    @property
    def title(self) -> str:
        """The current title; empty only while a draft is being made."""
        return self.version.title if self.version else ""

    @property
    def ask(self) -> str:
        """What is asked, in a sentence or two; may be empty where the title says it."""
        return self.version.ask if self.version else ""

    @property
    def decision_maker_name(self) -> str:
        """Whom it is asked of, or an empty string."""
        maker = self.version.decision_maker if self.version else None
        return maker.name if maker else ""

    @property
    def snippet(self) -> str:
        """What lists show below the title."""
        return self.version.snippet if self.version else ""

    @property
    def language_tag(self) -> str:
        """What the `lang` attribute calls the language of the text."""
        return language_tag(self.language)

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it."""
        return self.state in PUBLIC

    @property
    def is_editable(self) -> bool:
        """Whether the starter still writes on it."""
        return self.state in EDITABLE

    @property
    def needs_ask(self) -> bool:
        """Whether it was imported without saying what it asks for, so that its text alone can't be approved."""
        seed = getattr(self, "seed", None)
        return bool(seed and seed.needs_ask)

    @property
    def progress(self) -> Progress:
        """Count, goal and rungs: by the exact count where the query brought it, else by the tally."""
        return Progress(getattr(self, "exact", self.tally.signatures), self.first_goal)


class Version(models.Model):
    """One wording of a petition; it is frozen once submitted, and a signature points to the one it signed."""

    class Format(models.TextChoices):
        MARKDOWN = "markdown", _("Markdown")
        PLAIN = "plain", _("plain paragraphs")

    petition = models.ForeignKey(
        Petition, models.CASCADE, related_name="versions", verbose_name=_("petition")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=LONGEST_HEADLINE)
    ask = models.CharField(_("ask"), max_length=LONGEST_ASK, blank=True)
    snippet = models.CharField(_("snippet"), max_length=LONGEST_ASK, blank=True)
    body = models.TextField(_("text"), max_length=LONGEST_BODY, blank=True)
    body_html = models.TextField(_("text as HTML"), editable=False, blank=True)
    format = models.CharField(_("format"), max_length=10, choices=Format.choices, default=Format.MARKDOWN)
    decision_maker = models.ForeignKey(
        DecisionMaker, models.PROTECT, null=True, related_name="versions", verbose_name=_("decision maker")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    frozen_at = models.DateTimeField(_("frozen"), null=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        indexes = [GinIndex(OpClass(plainly("title"), name="gin_trgm_ops"), name="version_by_title")]
        constraints = [models.UniqueConstraint(fields=["petition", "number"], name="version_numbered_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"
