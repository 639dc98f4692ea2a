"""What the daily audit found."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("petitions", "0008_delta_is_dated")]
    operations = [
        migrations.CreateModel(
            name="AuditRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="day")),
                ("began_at", models.DateTimeField(db_default=Now(), verbose_name="began")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("breaches", models.PositiveIntegerField(db_default=0, default=0, verbose_name="breaches")),
                ("broken", models.JSONField(default=dict, verbose_name="broken promises")),
            ],
            options={"verbose_name": "audit", "verbose_name_plural": "audits"},
        ),
    ]
