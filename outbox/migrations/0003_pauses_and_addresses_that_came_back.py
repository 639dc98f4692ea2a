from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now

PAUSE = migrations.CreateModel(
    name="Pause",
    fields=[
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("kind", models.CharField(blank=True, default="", max_length=64)),
        ("reason", models.TextField(blank=True, default="")),
        ("is_automatic", models.BooleanField(default=False)),
        ("at", models.DateTimeField(db_default=Now())),
        ("probe_at", models.DateTimeField(null=True)),
        ("ended_at", models.DateTimeField(null=True)),
    ],
    options={
        "verbose_name": "pause",
        "db_table": "outbox_pause",
        "default_permissions": (),
        "constraints": [
            models.UniqueConstraint(
                condition=Q(ended_at=None), fields=("kind", "is_automatic"), name="outbox_pause_once"
            ),
            models.CheckConstraint(
                condition=Q(is_automatic=False, probe_at=None)
                | Q(is_automatic=True, kind="", probe_at__isnull=False),
                name="outbox_pause_automatic_is_probed",
            ),
        ],
    },
)

SUPPRESSION = migrations.CreateModel(
    name="Suppression",
    fields=[
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("address", models.CharField(max_length=320, unique=True, verbose_name="address")),
        ("at", models.DateTimeField(db_default=Now(), verbose_name="came back")),
        ("answer", models.TextField(verbose_name="the server’s answer")),
        ("times", models.IntegerField(db_default=1, default=1, verbose_name="times")),
        ("kind", models.CharField(max_length=64, verbose_name="last mail")),
    ],
    options={
        "verbose_name": "address that came back",
        "verbose_name_plural": "addresses that came back",
        "db_table": "outbox_suppression",
        "default_permissions": ("view", "delete"),
    },
)


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_vacuum")]

    operations = [
        PAUSE,
        SUPPRESSION,
        migrations.AlterField(
            model_name="message",
            name="last_error",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="last answer"),
        ),
        migrations.AlterModelOptions(
            name="message",
            options={
                "permissions": [("handle_message", "Can send mails again, drop them, and pause")],
                "verbose_name": "mail",
                "verbose_name_plural": "mails",
            },
        ),
    ]
