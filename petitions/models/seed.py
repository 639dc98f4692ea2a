"""Where imported petitions came from."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from petitions.models.petition import Petition


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
