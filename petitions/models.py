"""Petitions and their record: what is true of one row. What can be asked is in `querysets`, what can be done in `services`."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from petitions.goals import FIRST_GOAL_DEFAULT, FIRST_GOAL_MAX, FIRST_GOAL_MIN, Progress
from petitions.languages import LANGUAGES, language_tag
from petitions.querysets import PetitionQuerySet, ReasonQuerySet, TopicQuerySet
from petitions.states import EDITABLE, PUBLIC, State

# The lengths that force clarity; the UK Parliament allows 80 and 1,100 characters, more room is kinder.
LONGEST_TITLE, LONGEST_ASK, LONGEST_BODY = 150, 300, 20_000
# A captured headline may be longer than what people type here.
LONGEST_HEADLINE = 250
LONGEST_NAME = 120


class Topic(models.Model):
    """What a petition is about; administrators keep the list."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("address part"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    active = models.BooleanField(_("can be chosen"), default=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name


class DecisionMaker(models.Model):
    """A person or an office that can do what a petition asks; only the listed ones are offered to starters."""

    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    listed = models.BooleanField(_("offered to starters"), default=False)

    class Meta:
        verbose_name = _("decision maker")
        verbose_name_plural = _("decision makers")
        constraints = [models.UniqueConstraint(Lower("name"), name="decision_maker_named_once")]

    def __str__(self) -> str:
        return self.name


class Reason(models.Model):
    """Why a petition is refused, sent back or taken down; `/rules/` is made from these rows."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=120)
    public_text = models.TextField(_("public text"), max_length=1000)
    hides = models.BooleanField(
        _("forbids showing the text"),
        default=False,
        help_text=_("A petition refused for this is shown to nobody."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    active = models.BooleanField(_("may be given"), default=True)

    objects = ReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")

    def __str__(self) -> str:
        return self.title


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
            models.Index("closes_at", condition=Q(state=State.PUBLISHED), name="petition_due_to_close"),
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
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    frozen_at = models.DateTimeField(_("frozen"), null=True, editable=False)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [models.UniqueConstraint(fields=["petition", "number"], name="version_numbered_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


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
    note_to_starter = models.TextField(_("note to the starter"), max_length=4000, blank=True)
    internal_note = models.TextField(_("internal note"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("transition")
        verbose_name_plural = _("record of moves")
        indexes = [models.Index(fields=["petition", "-at", "-id"], name="transition_latest")]

    def __str__(self) -> str:
        return f"{self.get_source_display()} → {self.get_target_display()}"


class TransitionReason(models.Model):
    """A reason given for a move; it keeps the reason from being deleted."""

    transition = models.ForeignKey(Transition, models.PROTECT, related_name="given")
    reason = models.ForeignKey(Reason, models.PROTECT, related_name="given")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["transition", "reason"], name="reason_given_once")]


class Tally(models.Model):
    """How many signatures have been rolled up; with the open deltas it is the exact count."""

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True, related_name="tally")
    signatures = models.PositiveIntegerField(_("signatures"), default=0)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        indexes = [models.Index(F("signatures").desc(), F("petition").desc(), name="tally_most_signed")]


class Delta(models.Model):
    """A change of the count that is not rolled up yet."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="deltas")
    change = models.SmallIntegerField()
    at = models.DateTimeField(db_default=Now())


class SearchEntry(models.Model):
    """What is found by words: a narrow row, so that a search touches few pages (measured; docs/decisions/0006)."""

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True, related_name="search_entry")
    vector = SearchVectorField()
    title = models.TextField()

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], fastupdate=False, name="search_words"),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="search_similar_titles"),
        ]


class Seed(models.Model):
    """Where an imported petition came from; the key outlives the petition, so nothing deleted comes back."""

    class Shape(models.TextChoices):
        PAGE = "page", _("captured petition page")
        ARTICLE = "article", _("captured article")
        MARKDOWN = "markdown", _("Markdown with front matter")

    key = models.CharField(_("identity"), max_length=200, unique=True)
    petition = models.OneToOneField(
        Petition, models.SET_NULL, null=True, related_name="seed", verbose_name=_("petition")
    )
    shape = models.CharField(_("shape"), max_length=10, choices=Shape.choices)
    source = models.CharField(_("source"), max_length=255)
    note = models.TextField(_("note"), blank=True)
    caption = models.TextField(_("picture caption"), blank=True)
    claimed_signatures = models.PositiveBigIntegerField(_("signatures the source claims"), null=True)
    claimed_supporters = models.PositiveBigIntegerField(_("supporters the source claims"), null=True)
    needs_ask = models.BooleanField(_("needs an ask"), default=False)
    imported_at = models.DateTimeField(_("imported"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("imported petition")
        verbose_name_plural = _("imported petitions")

    def __str__(self) -> str:
        return self.source


class ModeratorAlert(models.Model):
    """When a moderator was last told that something waits, and of which submissions by their row in the record."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    told_at = models.DateTimeField()
    submissions = ArrayField(models.BigIntegerField())
