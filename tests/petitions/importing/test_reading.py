"""Files and folders: what is read, what is passed over, what is refused."""

import os
from pathlib import Path

import pytest

from petitions.importing import reading
from petitions.importing.found import Shape
from tests.petitions.importing.conftest import ARTICLE, MARKDOWN, PAGE


def faults(*paths: Path) -> list[str]:
    return [str(fault) for fault in reading.read(paths).faults]


def test_it_reads_a_folder_in_the_order_of_names(put):
    put("c.md", MARKDOWN)
    put("a.txt", PAGE)
    folder = put("b.TXT", ARTICLE).parent
    read = reading.read([folder])
    assert [file.name for file in read.files] == ["a.txt", "b.TXT", "c.md"]
    assert [file.found.shape for file in read.files] == [Shape.PAGE, Shape.ARTICLE, Shape.MARKDOWN]
    assert read.faults == []


@pytest.mark.parametrize("name", ["README.md", "readme.md", ".hidden.md", "picture.png", "deeper/one.md"])
def test_it_passes_over_what_is_no_seed(put, name):
    folder = put("a.md", MARKDOWN).parent
    put(name, "not a seed")
    read = reading.read([folder])
    assert ([file.name for file in read.files], read.faults) == (["a.md"], [])


def test_an_empty_folder_is_no_fault(tmp_path):
    assert reading.read([tmp_path]) == reading.Reading([], [])


def test_it_reads_a_file_once_however_often_it_is_named(put):
    path = put("a.md", MARKDOWN)
    assert len(reading.read([path.parent, path, path.parent / ".." / "seeds" / "a.md"]).files) == 1


@pytest.mark.parametrize("shape", [PAGE, ARTICLE, MARKDOWN])
@pytest.mark.parametrize("spoil", ["bom", "crlf", "cr"])
def test_byte_order_marks_and_foreign_line_ends_change_nothing(put, shape, spoil):
    spoilt = {"bom": "\ufeff" + shape, "crlf": shape.replace("\n", "\r\n"), "cr": shape.replace("\n", "\r")}
    suffix = "md" if shape == MARKDOWN else "txt"
    read = reading.read([put(f"clean.{suffix}", shape), put(f"spoilt.{suffix}", spoilt[spoil])])
    assert read.files[0].found == read.files[1].found


def test_it_names_the_line_that_is_not_utf8(put):
    path = put("a.txt", b"A headline\n\nCaf\xe9\n")
    assert faults(path) == [f"{path}:3: is not UTF-8"]


def test_it_refuses_other_encodings(put):
    assert faults(put("a.txt", PAGE.encode("utf-16")))[0].endswith(":1: is not UTF-8")


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", b"\x00\x00"])
def test_it_refuses_empty_files(put, name, content):
    path = put(name, content)
    assert faults(path) == [f"{path}:1: the file is empty"]


def test_it_refuses_a_file_over_a_megabyte(put):
    path = put("a.txt", PAGE + "x" * 1_000_000)
    assert faults(path) == [f"{path}:1: is larger than 1,000,000 bytes"]


def test_it_reads_a_file_of_a_megabyte(put):
    text = "A headline\n\n" + "x" * (1_000_000 - 12)
    assert len(reading.read([put("a.txt", text)]).files) == 1


def test_it_refuses_a_missing_path(tmp_path):
    assert faults(tmp_path / "nowhere") == [f"{tmp_path}/nowhere:1: there is no such file or folder"]


def test_it_refuses_a_path_that_cannot_be(tmp_path):
    assert faults(tmp_path / ("x" * 300))[0].endswith(":1: can’t be read: File name too long")


def test_it_refuses_other_kinds_of_files(put):
    assert faults(put("a.pdf", PAGE))[0].endswith(":1: is neither a folder nor a file ending in .md or .txt")


def test_it_refuses_a_link_out_of_the_folder(put, tmp_path):
    folder = put("a.md", MARKDOWN).parent
    (tmp_path / "secret.txt").write_text(PAGE)
    link = folder / "b.txt"
    link.symlink_to(tmp_path / "secret.txt")
    assert faults(folder) == faults(link) == [f"{link}:1: is a link that leads out of its folder"]


def test_it_follows_a_link_inside_the_folder(put):
    path = put("a.md", MARKDOWN)
    path.with_name("b.md").symlink_to("a.md")
    assert len(reading.read([path.parent]).files) == 2


def test_it_refuses_links_that_lead_nowhere_or_in_circles(put):
    folder = put("a.md", MARKDOWN).parent
    (folder / "b.md").symlink_to("gone.md")
    (folder / "c.md").symlink_to("c.md")
    assert [line.rpartition(": can’t be read: ")[2] for line in faults(folder)] == [
        "No such file or directory",
        "Too many levels of symbolic links",
    ]


def test_it_does_not_wait_for_a_pipe(put):
    folder = put("a.md", MARKDOWN).parent
    os.mkfifo(folder / "b.txt")
    (folder / "c.txt").mkdir()
    assert faults(folder) == [f"{folder}/b.txt:1: is not a file", f"{folder}/c.txt:1: is not a file"]


def test_a_strange_name_stays_on_one_line(put):
    folder = put("a.md", MARKDOWN).parent
    (folder / "b\nok.txt:1: fine.md").write_text("")
    put("c.txt", "").rename(os.fsdecode(os.fsencode(folder) + b"/\xff.txt"))
    lines = faults(folder)
    assert [len(line.encode().splitlines()) for line in lines] == [1, 1]


def test_it_names_every_fault_of_every_file(put):
    one = put("a.md", "---\ntitel: x\nziel: 5\n---\nText")
    other = put("b.txt", "")
    assert [line.rpartition(": ")[0].rsplit(":", 1)[0] for line in faults(one.parent)][-1].startswith(
        str(other)
    )
    assert len(faults(one.parent)) == 3
