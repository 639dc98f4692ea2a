"""Petitions by state and moves by where they lead read an index; built while people go on writing."""

from django.db import migrations, models
from django.db.models import F

from lib.concurrently import AddIndexBesides


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("petitions", "0014_desk_is_quick")]
    operations = [
        AddIndexBesides("petition", models.Index("state", F("id").desc(), name="petition_by_state")),
        AddIndexBesides("transition", models.Index("target", F("id").desc(), name="transition_by_target")),
        migrations.AlterModelOptions("transition", {"verbose_name": "move", "verbose_name_plural": "moves"}),
    ]
