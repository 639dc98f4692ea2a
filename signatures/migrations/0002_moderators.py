"""What the group Moderators may do with signatures."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

MODERATORS = [
    "view_signature",
    "hide_reason",
    "remove_signature",
    "view_milestone",
    "view_announcement",
    "view_consent",
]


def give(apps, schema_editor):
    """Give them; Django makes permissions only after all migrations, so they are made here first."""
    config = apps.get_app_config("signatures")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Moderators")
    permissions = apps.get_model("auth", "Permission").objects
    group.permissions.add(*permissions.filter(content_type__app_label="signatures", codename__in=MODERATORS))


class Migration(migrations.Migration):
    dependencies = [
        ("signatures", "0001_initial"),
        ("petitions", "0005_moderators"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
