"""A sensible first set of topics and reasons; administrators change both in the admin."""

from django.db import migrations

TOPICS = [
    ("Animals", "animals"),
    ("Children and schools", "schools"),
    ("Climate and nature", "climate"),
    ("Culture and sport", "culture"),
    ("Health and care", "health"),
    ("Housing", "housing"),
    ("Migration", "migration"),
    ("Parks and places", "parks"),
    ("Rights and government", "government"),
    ("Safety and justice", "safety"),
    ("Streets and transport", "streets"),
    ("Work and money", "work"),
    ("Something else", "other"),
]
# code, title, public text, hides
REASONS = [
    (
        "no-clear-ask",
        "It does not say what should be done",
        "A petition asks one decision maker for one thing that can be done. Say what that is.",
        False,
    ),
    (
        "wrong-addressee",
        "It goes to somebody who can’t decide it",
        "Name the person or the office that has the power to do what is asked.",
        False,
    ),
    (
        "duplicate",
        "There is one already",
        "A petition that asks the same of the same decision maker is open. Signing that one is stronger than a second.",
        False,
    ),
    (
        "already-so",
        "It asks for something that already exists",
        "What is asked has been done or decided. Tell us if that is not so.",
        False,
    ),
    (
        "personal-matter",
        "It is about a private matter",
        "Courts, arbitrators and advice centres can help with a dispute between people; a petition can’t.",
        False,
    ),
    (
        "advertisement",
        "It advertises",
        "Petitions do not sell goods, collect donations or gather addresses for others.",
        False,
    ),
    (
        "unsupported-claim",
        "A claim of fact has no source",
        "Name where a figure or an accusation comes from, or leave it out.",
        False,
    ),
    (
        "unreadable",
        "It can’t be read or understood",
        "Write whole sentences in one of the languages of this site.",
        False,
    ),
    (
        "private-person",
        "It names or describes a private person",
        "Office holders may be named for what they do in office. Private people, their addresses and contact data may not.",
        True,
    ),
    (
        "insult-or-hate",
        "It insults, or attacks people for who they are",
        "People may not be degraded for their origin, faith, sex, disability, age or whom they love, nor insulted.",
        True,
    ),
    (
        "false-accusation",
        "It accuses somebody of a crime without a finding",
        "Until a court or an authority has found it, an accusation against a named person may not be published here.",
        True,
    ),
    (
        "unlawful",
        "Publishing it would break the law",
        "That includes calls for violence, secret documents, and the rights of others in texts and pictures.",
        True,
    ),
]


def fill(apps, schema_editor):
    """Add what is not there by its slug or code."""
    topics, reasons = apps.get_model("petitions", "Topic"), apps.get_model("petitions", "Reason")
    for position, (name, slug) in enumerate(TOPICS, start=1):
        topics.objects.get_or_create(slug=slug, defaults={"name": name, "position": 10 * position})
    for position, (code, title, text, hides) in enumerate(REASONS, start=1):
        values = {"title": title, "public_text": text, "hides": hides, "position": 10 * position}
        reasons.objects.get_or_create(code=code, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("petitions", "0003_record_is_append_only")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
