"""The groups Senior moderators and Administrators, and the reasons that the first set lacked."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

APPS = ["petitions", "accounts", "auth", "outbox", "mfa"]
# What this adds to the group of 0005.
MODERATORS = ["petitions.view_objection", "petitions.view_edit", "petitions.view_note"]
DECIDING = [
    *("petitions.view_petition", "petitions.moderate_petition", "petitions.view_version", "petitions.view_transition"),
    *("petitions.view_reason", "petitions.view_topic", "petitions.view_seed"),
    *("petitions.view_decisionmaker", "petitions.add_decisionmaker", "petitions.change_decisionmaker"),
    *MODERATORS,
]
SENIORS = [
    *DECIDING,
    "petitions.uphold_objection",
    *("petitions.add_reason", "petitions.change_reason", "petitions.delete_reason"),
]
ADMINISTRATORS = [
    *SENIORS,
    *("petitions.change_petition", "petitions.delete_decisionmaker", "petitions.view_auditrun"),
    *("petitions.add_topic", "petitions.change_topic", "petitions.delete_topic"),
    *("accounts.view_user", "accounts.add_user", "accounts.change_user"),
    *("auth.view_group", "auth.add_group", "auth.change_group", "auth.delete_group"),
    *("mfa.view_authenticator", "mfa.delete_authenticator"),
    *("outbox.view_message", "outbox.handle_message", "outbox.view_suppression", "outbox.delete_suppression"),
]
GROUPS = {"Moderators": MODERATORS, "Senior moderators": SENIORS, "Administrators": ADMINISTRATORS}
# code, title, public text, hides, position
REASONS = [
    (
        "court-case",
        "It is about a case before a court",
        "What a court is deciding is not ours to press on. The rules that courts apply may be the subject of a petition.",
        False,
        55,
    ),
    (
        "not-serious",
        "It is not meant as a petition",
        "Jokes, tests and nonsense take the place of petitions that people need.",
        False,
        85,
    ),
    (
        "personal-data",
        "It contains somebody’s personal data",
        "Addresses, telephone numbers, health and other private details are not published here, your own included.",
        True,
        95,
    ),
    (
        "offensive-language",
        "It is worded offensively",
        "Say the same without swearing, sexual allusions or threats, and it can be published.",
        True,
        105,
    ),
    (
        "violence",
        "It threatens, glorifies or calls for violence",
        "Nobody may be threatened here, and no violence may be praised or asked for.",
        True,
        107,
    ),
    (
        "false-identity",
        "It is written in somebody else’s name",
        "Start a petition under your own name, and claim to speak only for those who have asked you to.",
        True,
        115,
    ),
    (
        "misleading",
        "It misleads people about facts",
        "A statement that is known to be untrue, and on which the petition rests, is not published.",
        True,
        117,
    ),
]


def make(apps, schema_editor):
    """Make the groups; Django makes permissions only after all migrations, so they are made here first."""
    for label in APPS:
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    for name, codes in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*permissions(apps, codes))


def unmake(apps, schema_editor):
    """Take back what was given; a group that another room has given something, or that has members, stays."""
    groups = apps.get_model("auth", "Group").objects
    for name, codes in GROUPS.items():
        for group in groups.filter(name=name):
            group.permissions.remove(*permissions(apps, codes))
    groups.filter(name__in=["Senior moderators", "Administrators"], permissions=None, user=None).delete()


def permissions(apps, codes):
    """Return the rows of these permissions, or fail where one is unknown."""
    known = apps.get_model("auth", "Permission").objects.select_related("content_type")
    return [known.get(content_type__app_label=app, codename=name) for app, name in (code.split(".") for code in codes)]


def fill(apps, schema_editor):
    """Add the reasons that are not there by their code."""
    reasons = apps.get_model("petitions", "Reason").objects
    for code, title, text, hides, position in REASONS:
        values = {"title": title, "public_text": text, "hides": hides, "position": position}
        reasons.get_or_create(code=code, defaults=values)


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0010_moderation_desk"),
        ("accounts", "0001_initial"),
        ("outbox", "0003_pauses_and_addresses_that_came_back"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(make, unmake),
        # The reasons stay when this is taken back: a decision may name them.
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
