"""What moderators do to signatures is in the admin's log alone: it is written once, and nobody in it is deleted."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from signatures.models import Signature
from tests.signatures.admin.conftest import FITS, decide, fitting, yes

WRITES = {
    "change": lambda: LogEntry.objects.update(change_message="Nothing happened"),
    "delete": lambda: LogEntry.objects.all().delete(),
    "forget what it is about": lambda: ContentType.objects.get_for_model(Signature).delete(),
    "by hand": lambda: connection.cursor().execute("DELETE FROM django_admin_log"),
}


def is_refused(write) -> bool:
    with pytest.raises(IntegrityError, match=r"append-only|protected"), transaction.atomic():
        write()
    return True


@pytest.mark.parametrize("how", WRITES)
def test_the_log_is_written_once(bobs, signature_of, how):
    signature = fitting("release", signature_of)
    bobs.post(decide(signature, "release"), yes())
    assert is_refused(WRITES[how])
    assert LogEntry.objects.get().get_change_message() == "Release: It was a bot."


@pytest.mark.parametrize("code", sorted(FITS))
def test_who_decided_on_a_signature_is_not_deleted(admin_person, client_of, signature_of, code):
    client_of(admin_person).post(decide(fitting(code, signature_of), code), yes())
    assert is_refused(admin_person.delete)


def test_who_had_a_file_is_not_deleted(sue, sues, petition):
    sues.post(reverse("admin:signatures_signature_export", args=[petition.pk]))
    assert is_refused(sue.delete)


def test_who_is_in_no_record_can_be_deleted(sam):
    assert sam.delete()
