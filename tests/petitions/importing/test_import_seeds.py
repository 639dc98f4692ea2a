"""The command: a table at the end, or every fault and nothing written."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from petitions.models import Petition, Seed, Transition
from tests.petitions.importing.conftest import ARTICLE, MARKDOWN, PAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(put) -> Path:
    put("c.txt", ARTICLE)
    put("b.txt", PAGE)
    return put("a.md", MARKDOWN).parent


def imported(*paths: object, **options: bool) -> str:
    out = StringIO()
    call_command("import_seeds", *paths, stdout=out, **options)
    return out.getvalue()


def refused(*paths: object, **options: bool) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_seeds", *paths, stdout=out, stderr=err, **options)
    assert caught.value.returncode == 1
    return err.getvalue(), out.getvalue()


def test_it_ends_with_a_table_that_says_what_it_saw(folder):
    lines = [line.split() for line in imported(folder).splitlines()]
    assert lines[0] == ["RESULT", "SEEN", "AS", "STATE", "GOAL", "FILE", "TITLE"]
    assert [line[:4] for line in lines[1:4]] == [
        ["created", "markdown", "published", "100"],
        ["created", "page", "published", "100"],
        ["created", "article", "submitted", "100"],
    ]
    assert lines[-1] == ["3", "created,", "0", "kept,", "0", "refused"]


def test_the_table_is_aligned(folder):
    lines = imported(folder).splitlines()
    assert len({line.index(str(folder)) for line in lines[1:4]}) == 1


def test_a_second_run_keeps_everything(folder):
    imported(folder)
    before = list(Petition.objects.order_by("pk").values())
    assert imported(folder).endswith("0 created, 3 kept, 0 refused\n")
    assert list(Petition.objects.order_by("pk").values()) == before
    assert Transition.objects.count() == 3


def test_what_is_gone_is_listed_as_kept(folder):
    imported(folder)
    Seed.objects.update(petition=None)
    assert [line.split()[:3] for line in imported(folder).splitlines()[1:4]] == [
        ["kept", "markdown", "gone"],
        ["kept", "page", "gone"],
        ["kept", "article", "gone"],
    ]
    assert Petition.objects.count() == 3


def test_a_dry_run_shows_the_table_and_writes_nothing(folder):
    shown = imported(folder, dry_run=True)
    assert "3 created, 0 kept, 0 refused\n" in shown
    assert shown.endswith("nothing was written.\n")
    assert Petition.objects.count() == Seed.objects.count() == 0


def test_it_can_be_quiet(folder):
    assert imported(folder, quiet=True) == ""
    assert Petition.objects.count() == 3


def test_one_bad_file_stops_the_run(folder, put):
    bad = put("d.md", "---\ntitle: Baths\nsponsor: me\ngoal: ten\n---\nText")
    worse = put("e.txt", b"\xff")
    faults, table = refused(folder)
    assert f"{bad}:3: there is no field “sponsor”" in faults
    assert f"{worse}:1: is not UTF-8\n" in faults
    assert table.endswith("0 created, 0 kept, 2 refused\n")
    assert Petition.objects.count() == Seed.objects.count() == 0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("topic: cats", "4: there is no topic “cats”"),
        ("goal: 0", "4: the goal 0 is not between 1 and 10,000,000"),
        (f"ask: {'x' * 301}", "4: the ask has 301 characters; it may have 300"),
        ("language: xx", "4: there is no language “xx”"),
    ],
)
def test_what_cannot_be_stored_stops_the_run(folder, put, line, reason):
    put("d.md", f"---\ntitle: Bats\n# nothing\n{line}\n---\nText")
    assert f"{folder}/d.md:{reason}" in refused(folder)[0]
    assert Petition.objects.count() == 0


def test_two_files_of_one_petition_stop_the_run(folder, put):
    put("d.txt", PAGE)
    faults, table = refused(folder)
    assert faults == f"{folder}/d.txt:1: is the same petition as {folder}/b.txt, by its id or title\n"
    assert "held up" in table


def test_quiet_does_not_hush_faults(tmp_path):
    faults, table = refused(tmp_path / "nowhere", quiet=True)
    assert (faults, table) == (f"{tmp_path}/nowhere:1: there is no such file or folder\n", "")


def test_an_empty_folder_imports_nothing(tmp_path):
    assert imported(tmp_path).endswith("0 created, 0 kept, 0 refused\n")


def test_the_longest_file_can_be_planted_and_found(put):
    words = " ".join(f"word{number}" for number in range(90_000))
    imported(put("long.txt", f"Many words\n\n1 has signed.\n\n{words}"[:1_000_000]))
    assert Petition.objects.get().search_entry.title == "many words"
