from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

from lib.concurrently import AddIndexBesides


class Migration(migrations.Migration):
    # Mails are posted and sent while the indexes are built.
    atomic = False
    dependencies = [("outbox", "0003_pauses_and_addresses_that_came_back")]

    operations = [
        AddIndexBesides(
            "message",
            models.Index(
                condition=Q(state="queued"),
                fields=["lane", "kind", "due_at", "id"],
                name="outbox_message_waiting",
            ),
        ),
        AddIndexBesides(
            "message",
            models.Index(
                condition=Q(state__in=("sent", "dropped")) & ~Q(to_address=""),
                fields=["created_at"],
                name="outbox_message_settled",
            ),
        ),
        RemoveIndexConcurrently("message", "outbox_message_due"),
    ]
