"""Since when an announcement has met a fault at each try."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("signatures", "0011_petitions_are_signed_by_many")]
    operations = [
        migrations.AddField("announcement", "stuck_since", models.DateTimeField("stuck since", null=True)),
    ]
