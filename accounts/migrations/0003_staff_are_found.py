"""The few who moderate are found by an index among the many who sign; built while people sign."""

from django.db import migrations, models
from django.db.models import Q

from lib.concurrently import AddIndexBesides


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0002_log_is_append_only")]
    operations = [
        AddIndexBesides("user", models.Index("id", condition=Q(is_staff=True), name="user_staff")),
    ]
