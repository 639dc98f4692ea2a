"""What is chosen from: topics, decision makers, reasons."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from petitions.querysets import ReasonQuerySet, TopicQuerySet

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
