"""Every table that points to a person is in what operators read about stored data."""

from pathlib import Path

from django.apps import apps

from accounts.models import User

STORED = Path(__file__).resolve().parents[2] / "docs/privacy.md"


def test_every_table_that_points_to_people_is_named():
    named = STORED.read_text(encoding="utf-8")
    pointing = {
        model._meta.db_table
        for model in apps.get_models()
        if any(field.related_model is User for field in model._meta.concrete_fields)
    }
    assert pointing >= {"petitions_note", "signatures_removal", "django_admin_log"}
    assert sorted(table for table in pointing if f"`{table}`" not in named) == []
