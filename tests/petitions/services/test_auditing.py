"""Once a day everything is recounted; what is wrong is kept, logged and shown to those who can do something."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse

from petitions import alarm, tasks
from petitions.models import AuditRun, Delta
from petitions.services import auditing
from tests.petitions.racing import at_once, committed


@pytest.fixture
def broken(make_petition):
    petition = make_petition()
    Delta.objects.create(petition=petition, change=-1)
    return petition


def test_a_site_that_keeps_its_promises_is_well(make_petition):
    make_petition()
    run = auditing.audit_today()
    assert (run.breaches, run.broken) == (0, {})
    assert run.ended_at
    assert alarm.read().ok


def test_what_is_broken_is_named(broken, caplog):
    run = auditing.audit_today()
    assert run.broken["petitions: no count is below zero"] == [f"petition {broken.pk} counts -1"]
    assert "promise broken: petitions: no count is below zero" in caplog.text
    reading = alarm.read()
    assert not reading.ok
    assert "petitions: no count is below zero" in reading.figures["broken"]


def test_it_runs_once_a_day(make_petition):
    tasks.audit()
    tasks.audit()
    assert AuditRun.objects.count() == 1
    assert auditing.audit_today() is None


def test_one_that_was_cut_off_is_taken_up_again(make_petition):
    auditing.audit_today()
    AuditRun.objects.update(ended_at=None, began_at=F("began_at") - timedelta(hours=1))
    assert auditing.audit_today() is None
    AuditRun.objects.update(began_at=F("began_at") - timedelta(hours=2))
    assert auditing.audit_today().ended_at


def test_an_old_audit_is_an_alarm_and_none_at_all_is_not(db):
    assert alarm.read().ok
    auditing.audit_today()
    AuditRun.objects.update(ended_at=F("ended_at") - timedelta(hours=51))
    assert not alarm.read().ok


def test_it_is_kept_for_thirty_days(db):
    for days in (29, 31):
        auditing.audit_today()
        gone = timedelta(days=days)
        AuditRun.objects.filter(day=AuditRun.objects.latest("day").day).update(
            day=F("day") - gone, began_at=F("began_at") - gone
        )
    auditing.audit_today()
    assert AuditRun.objects.count() == 2


def test_administrators_see_it_first(broken, admin_person, bob, client_of):
    auditing.audit_today()
    page = client_of(admin_person).get(reverse("admin:index")).content.decode()
    assert "petitions: no count is below zero" in page
    url = reverse("admin:petitions_auditrun_change", args=[AuditRun.objects.get().pk])
    assert url in page
    assert f"petition {broken.pk} counts -1" in client_of(admin_person).get(url).content.decode()
    assert "no count is below zero" not in client_of(bob).get(reverse("admin:index")).content.decode()


@committed
def test_two_beats_make_one_audit(make_petition):
    runs = at_once(auditing.audit_today, auditing.audit_today, auditing.audit_today)
    assert [run for run in runs if run is not None] == [AuditRun.objects.get()]
