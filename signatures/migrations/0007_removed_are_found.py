"""The index by removal and the look at old rows, neither of which keeps anybody from signing."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

from lib.concurrently import AddIndexBesides


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("signatures", "0006_roles")]
    operations = [
        AddIndexBesides(
            "signature",
            models.Index("removal", "id", condition=Q(removal__isnull=False), name="signature_by_removal"),
        ),
        ValidateConstraint("signature", "signature_removed_knows_by_what"),
    ]
