"""Petitions and decisions as files for spreadsheets."""

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from lib import spreadsheet
from petitions import exports
from petitions.models import Petition, Tally
from petitions.services import editing, moderation, objecting
from petitions.services.drafting import draft_of
from petitions.states import State
from tests.conftest import verdict
from tests.petitions.admin.crowd import crowd
from tests.petitions.racing import committed

EXPORT = "/admin/petitions/petition/export/"
WHY = "The reason does not fit: we ask one office for one thing."
ANSWERED = {
    "Objection upheld": State.REJECTED,
    "Restored for it": State.REMOVED,
    "Objection dismissed": State.REJECTED,
    "New wording accepted": State.PUBLISHED,
    "New wording declined": State.PUBLISHED,
}


def table(client: Any, kind: str, query: str = "") -> list[dict[str, str]]:
    """Return the file as a spreadsheet reads it."""
    answer = client.post(f"{EXPORT}?{query}", {"kind": kind})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def test_it_says_first_what_the_files_hold(bobs, make_petition):
    make_petition()
    make_petition(State.SUBMITTED)
    assert "The list has 2 petitions." in bobs.get(EXPORT).content.decode()
    page = bobs.get(EXPORT, {"state": "submitted"}).content.decode()
    assert "The list as you narrowed it has 1 petition." in page
    assert f'action="{EXPORT}?state=submitted"' in page
    assert not LogEntry.objects.exists()


def test_it_has_a_line_for_each_petition_of_the_list(bobs, make_petition):
    petition = make_petition(title="Keep the river path lit")
    make_petition(State.SUBMITTED)
    [row] = table(bobs, "petitions", "state=published")
    assert (row["Number"], row["Title"], row["State"]) == (str(petition.pk), petition.title, "Published")
    assert (row["Started by"], row["Decision maker"], row["Imported"]) == (
        "Alice Miller",
        "Parks Department",
        "no",
    )
    assert row["Signatures"] == "0"
    assert row["Address"].endswith(petition.get_absolute_url())


def test_it_is_narrowed_and_ordered_as_the_list_is(bobs, make_petition):
    for title, signatures in {"Wharf one": 1, "Wharf two": 2, "Trees": 3}.items():
        Tally.objects.filter(petition=make_petition(title=title)).update(signatures=signatures)
    assert [row["Title"] for row in table(bobs, "petitions", "q=wharf")] == ["Wharf two", "Wharf one"]
    assert [row["Title"] for row in table(bobs, "petitions", "q=wharf&o=6")] == ["Wharf one", "Wharf two"]


def test_it_has_a_line_for_each_decision(bobs, make_petition, bob, reason):
    petition = make_petition(State.REMOVED)
    moderation.restore(petition=petition, verdict=verdict(petition, bob, internal_note="Between us"))
    rows = table(bobs, "decisions")
    assert [(row["From"], row["To"]) for row in rows] == [
        *(("Submitted", "Published"), ("Published", "Taken down"), ("Taken down", "Published"))
    ]
    assert {row["By"] for row in rows} == {"Bob Moderator"}
    assert rows[1]["Reasons"] == reason.title
    assert "Between us" not in str(rows)


@pytest.fixture
def answered(make_petition, alice, bob, sue) -> dict[str, Petition]:
    """Petitions of which the starters' answers were decided on, each in one way."""
    petitions = {kind: make_petition(state, title=kind) for kind, state in ANSWERED.items()}
    for kind in ("Objection upheld", "Restored for it", "Objection dismissed"):
        objection = objecting.object_to(petition=petitions[kind], author=alice, text=WHY)
        if kind == "Objection dismissed":
            objecting.dismiss(objection=objection, senior=sue, note="It stands.")
        else:
            objecting.uphold(objection=objection, senior=sue, note="You are right.")
    for kind, decide in (("New wording accepted", editing.accept), ("New wording declined", editing.decline)):
        draft = replace(draft_of(petitions[kind]), title=f"{kind}, the new title")
        edit = editing.propose(petition=petitions[kind], starter=alice, draft=draft)
        decide(edit=edit, moderator=bob, note="=1+1")
    return petitions


def test_it_has_a_line_for_each_decision_on_an_answer(bobs, answered):
    rows = table(bobs, "decisions")
    told = {
        kind: [row for row in rows if row["Petition"] == str(each.pk)][-1] for kind, each in answered.items()
    }
    columns = ("Kind", "Title then", "Version", "By", "From", "To", "Reasons", "Note to the starter")
    assert {kind: tuple(row[each] for each in columns) for kind, row in told.items()} == {
        "Objection upheld": (
            *("Objection upheld", "Objection upheld", "1", "Sue Senior", "Rejected", "Submitted"),
            *("", "You are right."),
        ),
        "Restored for it": (
            *("Objection upheld", "Restored for it", "1", "Sue Senior", "Taken down", "Published"),
            *("", "You are right."),
        ),
        "Objection dismissed": (
            *("Objection dismissed", "Objection dismissed", "1", "Sue Senior", "", "", "", "It stands."),
        ),
        "New wording accepted": (
            *("New wording accepted", "New wording accepted, the new title", "2", "Bob Moderator"),
            *("", "", "", "'=1+1"),
        ),
        "New wording declined": (
            *("New wording declined", "New wording declined, the new title", "2", "Bob Moderator"),
            *("", "", "", "'=1+1"),
        ),
    }
    address = answered["New wording accepted"].get_absolute_url()
    assert told["New wording accepted"]["Address"].endswith(address)


def test_decisions_of_every_kind_are_in_one_order(bobs, answered):
    rows = table(bobs, "decisions")
    times = [row["Decided (UTC)"] for row in rows]
    assert times == sorted(times)
    kinds = Counter(row["Kind"] for row in rows)
    assert kinds == {
        "Decision on the petition": 6,
        "Objection upheld": 2,
        "Objection dismissed": 1,
        "New wording accepted": 1,
        "New wording declined": 1,
    }


def test_a_restored_one_was_not_objected_to(bobs, answered, bob, sue, reason):
    petition = Petition.objects.get(pk=answered["Restored for it"].pk)
    moderation.take_down(petition=petition, verdict=verdict(petition, sue, reasons=[reason]))
    moderation.restore(petition=petition, verdict=verdict(petition, bob))
    rows = [row for row in table(bobs, "decisions") if row["Petition"] == str(petition.pk)]
    assert [row["Kind"] for row in rows if row["To"] == "Published"] == [
        *("Decision on the petition", "Objection upheld", "Decision on the petition")
    ]


def test_what_waits_or_was_taken_back_is_no_decision(bobs, make_petition, alice):
    rejected, published, other = make_petition(State.REJECTED), make_petition(), make_petition()
    objecting.object_to(petition=rejected, author=alice, text=WHY)
    for each in (published, other):
        draft = replace(draft_of(each), title="Another")
        edit = editing.propose(petition=each, starter=alice, draft=draft)
    editing.take_back(edit=edit, starter=alice)
    assert {row["Kind"] for row in table(bobs, "decisions")} == {"Decision on the petition"}


def test_the_columns_that_were_there_keep_their_places(bobs, make_petition):
    make_petition()
    [row] = table(bobs, "decisions")
    assert list(row) == [
        *("Petition", "Title then", "Version", "Decided (UTC)", "By", "From", "To", "Reasons"),
        *("Asks the same as", "Note to the starter", "Address", "Kind"),
    ]


def test_no_file_has_an_address_of_somebody(bobs, ruths, make_petition):
    make_petition()
    for client in (bobs, ruths):
        for kind in ("petitions", "decisions"):
            assert "@" not in str(table(client, kind))


def test_times_are_those_of_the_reader_and_say_so(bobs, bob, make_petition):
    bob.time_zone = "Asia/Kolkata"
    bob.save()
    petition = make_petition()
    [row] = table(bobs, "petitions")
    assert row["Published (Asia/Kolkata)"].endswith("+05:30")
    assert row["Closes (Asia/Kolkata)"] == (
        "" if petition.closes_at is None else row["Closes (Asia/Kolkata)"]
    )
    [decision] = table(bobs, "decisions")
    assert decision["Decided (Asia/Kolkata)"].endswith("+05:30")


def test_it_speaks_the_readers_language_to_the_last_line(bobs, bob, make_petition, settings):
    make_petition()
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    bob.language = "de"
    bob.save()
    assert len(table(bobs, "petitions")) == 1


@pytest.mark.parametrize("evil", ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "\t=1", "＝1", 'a";=1'])
def test_what_people_typed_stays_text(bobs, make_petition, bob, reason, evil):
    petition = make_petition(State.SUBMITTED, title=f"{evil} title", starter_name=evil)
    note = verdict(petition, bob, reasons=[reason], note_to_starter=evil)
    moderation.reject(petition=petition, verdict=note)
    cells = [*table(bobs, "petitions")[0].values(), *table(bobs, "decisions")[0].values()]
    typed = [cell for cell in cells if cell and evil.strip()[:2] in cell]
    assert typed
    assert not [cell for cell in typed if cell.lstrip()[0] in "=+-@＝\t"]


def test_who_had_it_is_recorded(bobs, bob, make_petition):
    make_petition()
    table(bobs, "decisions", "state=published&p=7&evil=1")
    entry = LogEntry.objects.get()
    assert (entry.user, entry.change_message) == (bob, "Exported decisions: state=published")
    assert b"Exported decisions" in bobs.get("/admin/").content


@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
@pytest.mark.parametrize("kind", ["", "petitions", "decisions"])
def test_it_is_not_for_others(client_as, make_petition, role, kind):
    make_petition(title="Keep the river path lit")
    client = client_as(role)
    answers = [client.get(EXPORT), client.post(EXPORT, {"kind": kind})]
    assert all(answer.status_code in {302, 403} for answer in answers)
    assert not LogEntry.objects.exists()


def test_drafts_stay_out_for_moderators(bobs, ruths, make_petition):
    make_petition(State.DRAFT)
    assert table(bobs, "petitions") == []
    assert len(table(ruths, "petitions")) == 1


def test_anything_else_is_no_file(bobs):
    assert bobs.post(EXPORT, {"kind": "users"}).headers["Content-Type"].startswith("text/html")
    assert bobs.get(EXPORT, {"o": "1.2.x"}).status_code == 200


def test_its_name_has_the_day_and_no_cache_keeps_it(bobs):
    answer = bobs.post(EXPORT, {"kind": "petitions"})
    name = re.fullmatch(r'attachment; filename="petitions-(.+)\.csv"', answer.headers["Content-Disposition"])
    assert name
    assert date.fromisoformat(name[1])
    assert answer.headers["Cache-Control"].startswith("private, no-store")


@committed
def test_which_rows_there_are_is_fixed_at_the_first(bobs, monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 10)
    monkeypatch.setattr(spreadsheet, "CHUNK", 1)
    crowd(45, state=State.PUBLISHED)
    answer = bobs.post(EXPORT, {"kind": "petitions"})
    pieces = iter(answer.streaming_content)
    first = next(pieces)
    crowd(5, state=State.PUBLISHED)
    Petition.objects.filter(state=State.PUBLISHED).update(state=State.REMOVED)
    content = first + b"".join(pieces)
    assert content.count(b"\r\n") == 46


def test_it_reads_so_many_at_a_time(bobs, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(exports, "CHUNK", 10)
    crowd(45, state=State.PUBLISHED)
    answer = bobs.post(EXPORT, {"kind": "petitions"})
    with django_assert_max_num_queries(11) as queries:
        assert b"".join(answer.streaming_content).count(b"\r\n") == 46
    assert len(queries) == 11  # the keys, then five times the rows of ten and their tallies


def test_it_reads_decisions_of_every_kind_so_many_at_a_time(bobs, answered, monkeypatch):
    rows = table(bobs, "decisions")
    monkeypatch.setattr(exports, "CHUNK", 3)
    assert table(bobs, "decisions") == rows
    assert len(rows) == 11
