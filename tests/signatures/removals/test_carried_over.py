"""What was removed before there were removals is carried over by the migration, and can be put back like all others."""

from importlib import import_module

from django.apps import apps
from django.db import connection

from signatures.models import Removal, RemovedCount, Signature, State
from tests.signatures import moderating
from tests.signatures.counts import breaches, shown
from tests.signatures.removals.conftest import undo


def test_it_is_one_removal_for_each_petition(petition, wave):
    wave(3)
    wave(1, domain="neighbours.example")
    for row in Signature.objects.filter(email_domain="made-up.example"):
        moderating.remove(row)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE signatures_signature DROP CONSTRAINT signature_removed_knows_by_what")
    Signature.objects.update(removal=None)
    for model in (Removal, RemovedCount):
        model.objects.all().delete()
    import_module("signatures.migrations.0006_roles").keep(apps, None)
    removal = Removal.objects.get()
    assert (removal.petition_id, removal.taken, removal.made_by, removal.kind) == (
        petition.pk,
        3,
        None,
        "other",
    )
    assert breaches() == {}
    undo(removal)
    assert shown(petition) == 4
    assert not Signature.objects.filter(state=State.REMOVED).exists()
