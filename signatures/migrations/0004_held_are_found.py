"""The held ones are found at once; built while people go on signing."""

from django.db import migrations, models

from lib.concurrently import AddIndexBesides


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("petitions", "0008_delta_is_dated"),
        ("signatures", "0003_signature_changed_at"),
    ]
    operations = [
        AddIndexBesides(
            "signature",
            models.Index(
                models.F("asked_at"), condition=models.Q(("state", "held")), name="signature_held"
            ),
        ),
    ]
