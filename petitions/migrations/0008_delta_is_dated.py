"""When a change of a count was written, so that readiness can tell how far the roll-up is behind."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("petitions", "0007_longer_headlines")]
    operations = [migrations.AddField("delta", "at", models.DateTimeField(db_default=Now()))]
