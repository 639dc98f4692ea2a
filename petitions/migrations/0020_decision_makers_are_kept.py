"""Decision makers are the administrators' to keep, as topics are."""

from django.db import migrations

GROUPS = ["Moderators", "Senior moderators"]
CODES = ["add_decisionmaker", "change_decisionmaker"]


def take(apps, schema_editor):
    """Take what the groups were given before; a group that is gone has nothing."""
    for group in groups(apps):
        group.permissions.remove(*permissions(apps))


def give_back(apps, schema_editor):
    """Give it again."""
    for group in groups(apps):
        group.permissions.add(*permissions(apps))


def groups(apps):
    """Return the groups that had it and are there still."""
    return apps.get_model("auth", "Group").objects.filter(name__in=GROUPS)


def permissions(apps):
    """Return the rows of these permissions."""
    known = apps.get_model("auth", "Permission").objects
    return known.filter(content_type__app_label="petitions", codename__in=CODES)


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0019_entries_know_signatures"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(take, give_back)]
