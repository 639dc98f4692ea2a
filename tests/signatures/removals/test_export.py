"""The file of a petition’s signatures: what people agreed to show, inert, for those who may, recorded."""

import csv
from datetime import UTC, timedelta
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models.functions import Now

from signatures import exports
from signatures.models import Signature, State
from tests.conftest import person


def url(petition):
    return f"/admin/signatures/signature/export/{petition.pk}/"


@pytest.fixture
def bobs(bob, client_of):
    return client_of(bob)


@pytest.fixture
def people(alice, carol, mallory):
    return alice, carol, mallory


@pytest.fixture
def sam(db):
    """Staff who may look at signatures and no more."""
    user = person("sam@example.org", "Sam Staff", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_signature"))
    return user


def table(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


def test_it_has_what_people_agreed_to_show(bobs, petition, sign, people):
    alice, carol, mallory = people
    sign(carol, public=True, reason="=1+1")
    sign(mallory, public=False, reason="Mine alone.")
    sign(alice, public=True, reason="Rude words.")
    Signature.objects.filter(user=alice).update(reason_hidden_at=Now())
    day = Signature.objects.get(user=carol).confirmed_at.date().isoformat()
    answer = bobs.post(url(petition))
    assert table(answer) == [
        ["Number", "Name", "Confirmed on", "Reason"],
        ["1", "Carol Singer", day, "'=1+1"],
        ["2", "(not shown)", day, ""],
        ["3", "Alice Miller", day, ""],
    ]
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert answer["Content-Disposition"].startswith(
        f'attachment; filename="petition-{petition.pk}-signatures-'
    )


@pytest.mark.parametrize("state", [State.HELD, State.PENDING, State.WITHDRAWN])
def test_what_does_not_count_is_not_in_it(bobs, petition, wave, state):
    wave(1)
    unproven = {"user": None, "confirmed_at": None} if state == State.PENDING else {}
    Signature.objects.update(state=state, **unproven)
    assert len(table(bobs.post(url(petition)))) == 1


def test_it_is_another_petitions_business(bobs, petition, make_petition, wave):
    other = make_petition(title="Benches for the park")
    wave(2, petition=other)
    assert len(table(bobs.post(url(petition)))) == 1
    assert len(table(bobs.post(url(other)))) == 3


def test_the_day_is_that_of_the_reader(bob, client_of, petition, wave):
    wave(1)
    Signature.objects.update(confirmed_at="2026-11-01T23:30Z")
    assert table(client_of(bob).post(url(petition)))[1][2] == "2026-11-01"
    bob.time_zone = "Europe/Berlin"
    bob.save()
    assert table(client_of(bob).post(url(petition)))[1][2] == "2026-11-02"


def test_it_says_first_what_it_holds_and_records_who_had_it(bobs, bob, petition, wave):
    wave(3)
    page = bobs.get(url(petition)).content.decode()
    assert "3 signatures count." in page
    assert not LogEntry.objects.exists()
    bobs.post(url(petition))
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message) == (
        bob,
        str(petition.pk),
        "Exported its signatures",
    )


@pytest.mark.parametrize("who", ["mallory", "sam"])
def test_it_is_not_for_others(request, client, client_of, petition, who):
    for reader in (client, client_of(request.getfixturevalue(who))):
        assert reader.get(url(petition)).status_code in {302, 403}
        assert reader.post(url(petition)).status_code in {302, 403}
    assert not LogEntry.objects.exists()


@pytest.fixture
def in_portions(monkeypatch):
    monkeypatch.setattr(exports, "PORTION", 3)


def test_it_reads_a_few_rows_at_a_time(petition, wave, in_portions, django_assert_num_queries):
    """The moment and one portion; equal times are told apart by the number."""
    wave(10)
    Signature.objects.update(confirmed_at="2026-11-01T23:30Z")
    rows = exports.rows(petition, UTC)
    with django_assert_num_queries(2):
        first = [next(rows) for _row in range(3)]
    assert [row[1] for row in (*first, *rows)] == [f"Made Up {number}" for number in range(1, 11)]
    assert [row[0] for row in exports.rows(petition, UTC)] == list(range(1, 11))


def test_who_signs_meanwhile_is_not_in_it(petition, wave, in_portions):
    wave(4)
    rows = exports.rows(petition, UTC)
    next(rows)
    Signature.objects.filter(name="Made Up 4").update(confirmed_at=Now() + timedelta(hours=1))
    assert len(list(rows)) == 2


def test_who_leaves_or_hides_before_being_reached_is_spared(petition, wave, in_portions):
    wave(6)
    Signature.objects.update(public=True)
    rows = exports.rows(petition, UTC)
    first = next(rows)
    Signature.objects.filter(name="Made Up 5").update(state=State.WITHDRAWN)
    Signature.objects.update(public=False)
    names = [first[1], *(row[1] for row in rows)]
    assert names == ["Made Up 1", "Made Up 2", "Made Up 3", "(not shown)", "(not shown)"]


def test_a_portion_is_read_through_its_index(petition, wave):
    wave(1)
    with connection.cursor() as cursor:
        # With one row any way is as good; what is asked is whether the index can do it.
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
        )
        values = {"petition": petition.pk, "zone": "UTC", "unnamed": "", "limit": 3}
        bounds = {"at": "2026-11-01", "id": 5, "until": "2026-12-01"}
        cursor.execute(f"EXPLAIN {exports._READ}", {**values, **bounds})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan Backward using signature_recent" in plan
    assert "ROW(confirmed_at, id) >" in plan.partition("Index Cond")[2]
    assert "Sort" not in plan
