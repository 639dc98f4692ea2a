"""A captured headline may be longer than the titles that people type here."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("petitions", "0006_moderator_alert")]
    operations = [
        migrations.AlterField("version", "title", models.CharField(max_length=250, verbose_name="title")),
    ]
