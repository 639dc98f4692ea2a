"""A petition's page finds the latest reasons by an index, however many signed without one; built while people sign."""

from django.db import migrations, models
from django.db.models import F, Q

from lib.concurrently import AddIndexBesides


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("signatures", "0009_lists_are_quick")]
    operations = [
        AddIndexBesides(
            "signature",
            models.Index(
                "petition",
                F("confirmed_at").desc(),
                F("id").desc(),
                condition=Q(state="confirmed", reason_hidden_at__isnull=True) & ~Q(reason=""),
                name="signature_reasons",
            ),
        )
    ]
