"""Objections, edits after publication, notes among moderators, and which petition another one repeats."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q, deletion
from django.db.models.functions import Now

PERSON = settings.AUTH_USER_MODEL


def key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def kept(to, name, **options):
    """Return a foreign key that keeps its target from being deleted."""
    return models.ForeignKey(
        on_delete=deletion.PROTECT, to=to, verbose_name=name, **{"related_name": "+", **options}
    )


def now(name):
    return models.DateTimeField(db_default=Now(), editable=False, verbose_name=name)


def once(name):
    return models.DateTimeField(editable=False, null=True, verbose_name=name)


def filled_together(*names):
    filled = Q(*((f"{name}__isnull", False) for name in names))
    empty = Q(*((f"{name}__isnull", True) for name in names))
    return filled | empty


OBJECTION = migrations.CreateModel(
    name="Objection",
    fields=[
        ("id", key()),
        (
            "transition",
            models.OneToOneField(
                on_delete=deletion.PROTECT,
                related_name="objection",
                to="petitions.transition",
                verbose_name="decision objected to",
            ),
        ),
        ("petition", kept("petitions.petition", "petition", related_name="objections")),
        ("author", kept(PERSON, "who objects")),
        ("text", models.TextField(max_length=4000, verbose_name="objection")),
        ("made_at", now("made")),
        ("first_decider", kept(PERSON, "who decided first")),
        ("decider", kept(PERSON, "who decided", null=True)),
        ("decided_at", once("decided")),
        ("upheld", models.BooleanField(null=True, verbose_name="upheld")),
        ("note", models.TextField(blank=True, max_length=4000, verbose_name="note to the starter")),
    ],
    options={
        "verbose_name": "objection",
        "verbose_name_plural": "objections",
        "indexes": [
            models.Index(F("made_at"), condition=Q(("upheld__isnull", True)), name="objection_waiting")
        ],
        "constraints": [
            models.UniqueConstraint(
                fields=("petition",), condition=Q(("upheld__isnull", True)), name="objection_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(("decider", F("first_decider"))), name="objection_decided_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(("decider", F("author"))) & ~Q(("first_decider", F("author"))),
                name="objection_not_decided_by_its_author",
            ),
            models.CheckConstraint(
                condition=filled_together("decider", "decided_at", "upheld"), name="objection_decided_whole"
            ),
            models.CheckConstraint(condition=~Q(upheld=False, note=""), name="objection_dismissed_says_why"),
        ],
    },
)
OPEN = Q(("accepted__isnull", True), ("taken_back_at__isnull", True))
EDIT = migrations.CreateModel(
    name="Edit",
    fields=[
        ("id", key()),
        ("petition", kept("petitions.petition", "petition", related_name="edits")),
        (
            "version",
            models.OneToOneField(
                on_delete=deletion.PROTECT,
                related_name="edit",
                to="petitions.version",
                verbose_name="proposed wording",
            ),
        ),
        ("basis", kept("petitions.version", "wording it starts from")),
        ("author", kept(PERSON, "who proposes")),
        ("proposed_at", now("proposed")),
        ("taken_back_at", once("taken back")),
        ("decider", kept(PERSON, "who decided", null=True)),
        ("decided_at", once("decided")),
        ("accepted", models.BooleanField(null=True, verbose_name="accepted")),
        ("note", models.TextField(blank=True, max_length=4000, verbose_name="note to the starter")),
    ],
    options={
        "verbose_name": "edit after publication",
        "verbose_name_plural": "edits after publication",
        "indexes": [models.Index(F("proposed_at"), condition=OPEN, name="edit_waiting")],
        "constraints": [
            models.UniqueConstraint(fields=("petition",), condition=OPEN, name="edit_one_at_a_time"),
            models.CheckConstraint(
                condition=~Q(("decider", F("author"))), name="edit_not_decided_by_its_author"
            ),
            models.CheckConstraint(
                condition=filled_together("decider", "decided_at", "accepted"), name="edit_decided_whole"
            ),
            models.CheckConstraint(
                condition=Q(("accepted__isnull", True)) | Q(("taken_back_at__isnull", True)),
                name="edit_decided_or_taken_back",
            ),
            models.CheckConstraint(condition=~Q(accepted=False, note=""), name="edit_declined_says_why"),
            models.CheckConstraint(condition=~Q(("version", F("basis"))), name="edit_is_another_wording"),
        ],
    },
)
NOTE = migrations.CreateModel(
    name="Note",
    fields=[
        ("id", key()),
        ("petition", kept("petitions.petition", "petition", related_name="notes")),
        ("author", kept(PERSON, "who")),
        ("text", models.TextField(max_length=4000, verbose_name="note")),
        ("at", now("when")),
    ],
    options={
        "verbose_name": "note",
        "verbose_name_plural": "notes",
        "constraints": [models.CheckConstraint(condition=~Q(("text", "")), name="note_says_something")],
    },
)
OPENING = migrations.CreateModel(
    name="Opening",
    fields=[
        ("id", key()),
        (
            "petition",
            models.ForeignKey(on_delete=deletion.CASCADE, related_name="openings", to="petitions.petition"),
        ),
        ("person", models.ForeignKey(on_delete=deletion.CASCADE, related_name="+", to=PERSON)),
        ("at", models.DateTimeField(db_default=Now())),
    ],
    options={
        "constraints": [
            models.UniqueConstraint(fields=("petition", "person"), name="opening_once_per_person")
        ]
    },
)
DUPLICATES = [
    migrations.AddField(
        "transition",
        "duplicate_of",
        kept("petitions.petition", "asks the same as", related_name="duplicates", null=True),
    ),
    migrations.AddConstraint(
        "transition",
        models.CheckConstraint(
            condition=~Q(("duplicate_of", F("petition"))), name="transition_duplicates_another"
        ),
    ),
]
# Who wrote a wording stays known; this changes nothing in the database.
AUTHORS = migrations.AlterField("version", "author", kept(PERSON, "author", null=True))

WRITTEN_ONCE = """
CREATE OR REPLACE FUNCTION hundred_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER note_append_only BEFORE UPDATE OR DELETE ON petitions_note
  FOR EACH ROW EXECUTE FUNCTION hundred_refuse_change();
CREATE TRIGGER objection_stays BEFORE DELETE ON petitions_objection
  FOR EACH ROW EXECUTE FUNCTION hundred_refuse_change();
CREATE TRIGGER objection_decided_once BEFORE UPDATE ON petitions_objection
  FOR EACH ROW WHEN (OLD.upheld IS NOT NULL OR OLD.text <> NEW.text OR OLD.transition_id <> NEW.transition_id)
  EXECUTE FUNCTION hundred_refuse_change();
CREATE TRIGGER edit_stays BEFORE DELETE ON petitions_edit
  FOR EACH ROW EXECUTE FUNCTION hundred_refuse_change();
CREATE TRIGGER edit_decided_once BEFORE UPDATE ON petitions_edit
  FOR EACH ROW WHEN (OLD.accepted IS NOT NULL OR OLD.taken_back_at IS NOT NULL OR OLD.version_id <> NEW.version_id)
  EXECUTE FUNCTION hundred_refuse_change();
"""
WRITTEN_AT_WILL = """
DROP TRIGGER edit_decided_once ON petitions_edit;
DROP TRIGGER edit_stays ON petitions_edit;
DROP TRIGGER objection_decided_once ON petitions_objection;
DROP TRIGGER objection_stays ON petitions_objection;
DROP TRIGGER note_append_only ON petitions_note;
CREATE OR REPLACE FUNCTION hundred_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the record of moves is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("petitions", "0009_audit_run"),
    ]
    operations = [
        OBJECTION,
        EDIT,
        NOTE,
        OPENING,
        *DUPLICATES,
        AUTHORS,
        migrations.RunSQL(WRITTEN_ONCE, WRITTEN_AT_WILL),
    ]
