"""Markdown with front matter: what this project and its operators write (fields: seeds/README.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from lib.text import clean_line, clean_text
from petitions.importing.fields import FIELDS
from petitions.importing.found import Found, Shape, Unfit, normalised
from petitions.states import State

_LONGEST_HEAD = 20_000
_fences = YAMLHandler()


@dataclass(frozen=True)
class _Head:
    """The front matter's text and the number of the line that it starts on."""

    text: str
    first_line: int


@dataclass(frozen=True)
class _Field:
    """One field: its line and its value as YAML parsed it, not built yet."""

    name: str
    line: int
    value: yaml.Node


def is_one(text: str) -> bool:
    """Whether the text starts with front matter, closed or not; a longer rule may stand above any text."""
    return text.lstrip().partition("\n")[0].rstrip() == _fences.START_DELIMITER


def read(text: str) -> Found:
    """Return the petition that the file describes, or raise Unfit with all that is wrong in it."""
    if not normalised(text):
        raise Unfit((1, "the file is empty"))
    head, body = _split(text)
    fields = list(_fields(head))
    _check_names(fields)
    values = _values(head, fields)
    if not normalised(values.get("title", "")):
        raise Unfit((head.first_line, "there is no title"))
    if not normalised(body):
        raise Unfit((head.first_line, "there is no text below the front matter"))
    lines = {FIELDS[field.name][0]: field.line for field in fields}
    return Found(
        shape=Shape.MARKDOWN, body=clean_text(body), lines=lines, **{"state": State.PUBLISHED, **values}
    )


def _split(text: str) -> tuple[_Head, str]:
    boundary = _fences.FM_BOUNDARY
    opening = boundary.match(text, len(text) - len(text.lstrip()))
    closing = boundary.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        raise Unfit((1, "it does not start with front matter between two lines of “---”"))
    head = _Head(text[opening.end() : closing.start()], text.count("\n", 0, opening.end()) + 1)
    if len(head.text) > _LONGEST_HEAD:
        raise Unfit((head.first_line, f"the front matter is longer than {_LONGEST_HEAD:,} characters"))
    return head, text[closing.end() :]


def _fields(head: _Head) -> Iterator[_Field]:
    """Yield the fields with their lines; YAML's own complaints become ours."""
    try:
        root = yaml.compose(head.text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as fault:
        raise Unfit(_complaint(fault, head)) from fault
    except RecursionError as fault:
        raise Unfit((head.first_line, "the front matter is nested too deeply")) from fault
    if root is not None and not isinstance(root, yaml.MappingNode):
        raise Unfit((head.first_line, "the front matter is not made of “field: value” lines"))
    for key, value in root.value if root else ():
        name = clean_line(key.value) if isinstance(key, yaml.ScalarNode) else "[…]"
        yield _Field(name, head.first_line + key.start_mark.line, value)


def _check_names(fields: list[_Field]) -> None:
    problems = []
    for index, field in enumerate(fields):
        if field.name not in FIELDS:
            known = ", ".join(FIELDS)
            problems.append((field.line, f"there is no field “{field.name[:60]}”; there are {known}"))
        elif any(field.name == earlier.name for earlier in fields[:index]):
            problems.append((field.line, f"the field “{field.name}” stands there twice"))
        # Nothing is built of a list or a map, so no file can blow up by naming the same one again and again.
        elif not isinstance(field.value, yaml.ScalarNode):
            problems.append((field.line, f"{field.name}: takes one value, not a list"))
    if problems:
        raise Unfit(*problems)


def _values(head: _Head, fields: list[_Field]) -> dict[str, Any]:
    """Return what the fields say, by the names of what is found; an empty field says nothing."""
    loader = yaml.SafeLoader(head.text)
    values, problems = {}, []
    for field in fields:
        found_name, reader = FIELDS[field.name]
        try:
            raw = loader.construct_object(field.value)
            if raw is not None:
                values[found_name] = reader(raw)
        except yaml.YAMLError as fault:
            problems.append(_complaint(fault, head))
        except (ValueError, OverflowError) as fault:
            problems.append((field.line, f"{field.name}: {fault}"))
    if problems:
        raise Unfit(*problems)
    return values


def _complaint(fault: yaml.YAMLError, head: _Head) -> tuple[int, str]:
    if isinstance(fault, yaml.reader.ReaderError):
        line = head.first_line + head.text.count("\n", 0, fault.position)
        return line, "the front matter is not YAML: it holds a character that YAML does not allow"
    mark, problem = getattr(fault, "problem_mark", None), getattr(fault, "problem", "")
    return head.first_line + (
        mark.line if mark else 0
    ), f"the front matter is not YAML: {clean_line(problem)}"
