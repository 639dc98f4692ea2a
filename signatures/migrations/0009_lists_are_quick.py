"""Lists of signatures by state, suspicion, address and day read an index; built while people go on signing."""

from django.contrib.postgres.indexes import HashIndex
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Lower

from lib.concurrently import AddIndexBesides

INDEXES = (
    models.Index(
        "state", F("id").desc(), condition=Q(state__in=["withdrawn", "removed"]), name="signature_ended"
    ),
    models.Index("suspicion", F("id").desc(), condition=~Q(suspicion=""), name="signature_suspected"),
    HashIndex(Lower("email"), name="signature_by_address"),
    models.Index("asked_at", name="signature_by_day"),
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("signatures", "0008_hidden_reasons_are_found")]
    operations = [AddIndexBesides("signature", index) for index in INDEXES]
