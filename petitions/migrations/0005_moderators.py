"""The group Moderators with what it may do."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

MODERATORS = {
    "petition": ["view", "moderate"],
    "version": ["view"],
    "transition": ["view"],
    "reason": ["view"],
    "topic": ["view"],
    "decisionmaker": ["view", "add", "change"],
    "seed": ["view"],
}


def make(apps, schema_editor):
    """Make the group; Django makes permissions only after all migrations, so they are made here first."""
    config = apps.get_app_config("petitions")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Moderators")
    codes = [f"{verb}_{model}" for model, verbs in MODERATORS.items() for verb in verbs]
    permissions = apps.get_model("auth", "Permission").objects
    group.permissions.add(*permissions.filter(content_type__app_label="petitions", codename__in=codes))


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0004_first_topics_and_reasons"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
