"""Who was told what waits, so that at most one mail an hour leaves and no submission is passed over."""

import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models
from django.db.models import deletion


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("petitions", "0005_moderators"),
    ]
    operations = [
        migrations.CreateModel(
            name="ModeratorAlert",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("told_at", models.DateTimeField()),
                (
                    "submissions",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
            ],
        ),
    ]
