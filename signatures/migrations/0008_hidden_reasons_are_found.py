"""Reasons that were hidden lately are found at once; built while people go on signing."""

from django.db import migrations, models
from django.db.models import Q

from lib.concurrently import AddIndexBesides


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("signatures", "0007_removed_are_found")]
    operations = [
        AddIndexBesides(
            "signature",
            models.Index(
                models.F("reason_hidden_at"),
                condition=Q(("reason_hidden_at__isnull", False)),
                name="signature_reason_hidden",
            ),
        ),
    ]
