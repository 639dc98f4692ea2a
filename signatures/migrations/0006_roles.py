"""What was removed before gets a removal of its own, and each group what it may do with signatures."""

from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.models import Count
from django.db.models.functions import Now

READING = ["view_signature", "view_milestone", "view_announcement", "view_consent", "view_removal"]
MODERATING = [*READING, "release_signature", "hide_reason", "export_signatures"]
SENIOR = [*MODERATING, "remove_signature"]
GROUPS = {"Moderators": MODERATING, "Senior moderators": SENIOR, "Administrators": SENIOR}


def keep(apps, schema_editor):
    """Let each removed signature know what took it, and count them for the public."""
    signature, removal = apps.get_model("signatures", "Signature"), apps.get_model("signatures", "Removal")
    removed = signature.objects.filter(state="removed", removal=None)
    for row in removed.order_by().values("petition").annotate(number=Count("pk")):
        number = row["number"]
        made = removal.objects.create(
            petition_id=row["petition"],
            by_hand=True,
            kind="other",
            note="Removed one by one, before removals were recorded; the signatures’ own records say why.",
            stage="done",
            counted=number,
            taken=number,
            started_at=Now(),
            ended_at=Now(),
        )
        removed.filter(petition=row["petition"]).update(removal=made)
        apps.get_model("signatures", "RemovedCount").objects.create(
            petition_id=row["petition"], kind="other", signatures=number
        )


def give(apps, schema_editor):
    """Give the permissions; Django makes them only after all migrations, so they are made here first."""
    config = apps.get_app_config("signatures")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="signatures")
    for name, codes in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.remove(*permissions.exclude(codename__in=codes))
        group.permissions.add(*permissions.filter(codename__in=codes))


class Migration(migrations.Migration):
    dependencies = [("signatures", "0005_removals")]
    operations = [
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
