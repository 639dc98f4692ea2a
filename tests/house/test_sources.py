"""Small promises about the sources themselves."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["config", "embedded", "lib", "outbox", "accounts", "petitions", "signatures"]
SOURCES = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts
)
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
# The only places that declare HTML safe: behind the allow-list, or made of constants and escaped values.
MAKE_SAFE = {"petitions/markdown.py"}


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_stays_short(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    for function in functions(path):
        assert (function.end_lineno or 0) - function.lineno < LONGEST_FUNCTION, function.name


def test_it_leaves_nothing_for_later():
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    assert [str(path) for path in SOURCES if later.search(path.read_text(encoding="utf-8"))] == []


def test_it_declares_html_safe_in_known_places_only():
    found = {
        str(path.relative_to(ROOT)) for path in SOURCES if "mark_safe" in path.read_text(encoding="utf-8")
    }
    assert found <= MAKE_SAFE


def test_it_sends_mail_from_one_room_only():
    mailing = re.compile(r"smtplib|get_connection|send_mail\(|EmailMessage|EmailMultiAlternatives")
    found = {
        path.relative_to(ROOT).parts[0]
        for path in SOURCES
        if mailing.search(path.read_text(encoding="utf-8"))
    }
    assert found <= {"outbox", "accounts"}


def test_it_documents_every_setting():
    names = set(
        re.findall(r'take\("\w+", "([A-Z_]+)"', (ROOT / "config/environment.py").read_text(encoding="utf-8"))
    )
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert names, "the reader's shape has changed; this test must follow it"
    assert {name for name in names if not re.search(rf"^#? ?{name}=", example, re.MULTILINE)} == set()
