"""What no template may do: inline code or style (the policy blocks it), or a form that anybody can forge."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts)
INLINE = re.compile(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<style|javascript:|hx-on", re.IGNORECASE)
SCRIPT = re.compile(r"<script(?![^>]*(?:\bsrc=|type=\"application/json\"))[^>]*>", re.IGNORECASE)
OUTSIDE = re.compile(r"(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE)
POST_FORM = re.compile(r"<form[^>]*method=[\"']post[\"'].*?</form>", re.IGNORECASE | re.DOTALL)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_it_has_no_inline_code_or_style(path: Path):
    text = path.read_text(encoding="utf-8")
    assert INLINE.search(text) is None
    assert SCRIPT.search(text) is None


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_it_asks_nothing_of_other_sites(path: Path):
    assert OUTSIDE.search(path.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_its_forms_carry_the_token(path: Path):
    for form in POST_FORM.findall(path.read_text(encoding="utf-8")):
        assert "csrf_token" in form or "crispy" in form or "slot" in form
