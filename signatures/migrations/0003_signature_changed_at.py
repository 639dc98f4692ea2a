"""When a signature last began or ceased to count, or its person chose otherwise about mails."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("signatures", "0002_moderators")]
    operations = [
        migrations.AddField(
            "signature",
            "changed_at",
            models.DateTimeField("changed", db_default=Now(), editable=False),
        )
    ]
