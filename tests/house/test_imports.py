"""Who may import whom (docs/architecture.md): downwards only, and never inside a function."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["signatures", "petitions", "accounts", "outbox", "lib"]
MAY_IMPORT = {room: set(ROOMS[ROOMS.index(room) :]) for room in ROOMS} | {
    "embedded": {"embedded"},
    "config": {"config", "lib"},
}
OURS = {*ROOMS, "embedded", "config"}


def sources(room: str) -> Iterator[Path]:
    return (path for path in (ROOT / room).rglob("*.py") if path.is_file())


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "" if not node.level else "a relative import"


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_it_imports_only_downwards(room: str):
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(room)
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if name.split(".")[0] in OURS - MAY_IMPORT[room]
    ]
    assert wrong == []


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_it_has_no_relative_imports(room: str):
    for path in sources(room):
        assert "a relative import" not in imported(ast.parse(path.read_text(encoding="utf-8"))), path


def imports_in_functions(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and not (
            path.name == "apps.py" and function.name == "ready"
        ):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}"


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_it_hides_no_import_in_a_function(room: str):
    assert [place for path in sources(room) for place in imports_in_functions(path)] == []


def test_it_sees_a_wrong_import():
    """The rule itself works: an upward import in a made-up source is found."""
    names = set(imported(ast.parse("from petitions.models import Petition\nimport lib.text")))
    assert {name.split(".")[0] for name in names} & (OURS - MAY_IMPORT["outbox"]) == {"petitions"}
