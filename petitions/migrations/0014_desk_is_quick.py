"""Titles and names are found by parts of their words, decisions by their day; built while people go on writing."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models

from lib.concurrently import AddIndexBesides
from petitions.expressions import plainly


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("petitions", "0013_saved_views")]
    operations = [
        AddIndexBesides(
            "petition",
            GinIndex(OpClass(plainly("starter_name"), name="gin_trgm_ops"), name="petition_by_starter_name"),
        ),
        AddIndexBesides(
            "version", GinIndex(OpClass(plainly("title"), name="gin_trgm_ops"), name="version_by_title")
        ),
        AddIndexBesides("transition", models.Index(fields=["at"], name="transition_by_time")),
    ]
