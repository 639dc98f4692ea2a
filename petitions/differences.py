"""What has changed from one wording to another, word by word, for eyes and for ears."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from petitions.models import Version

Kind = Literal["same", "removed", "added"]
Piece = tuple[Kind, str]
# A word, a sign, or the space between; a sign of Chinese, Japanese or Thai is a word of its own.
_TOKENS = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+|\s+|[^\w\s]"
)
# Comparing takes time by the product of both lengths; what is longer is shown as replaced whole.
LARGEST_PRODUCT = 1_500_000
# Of a passage that has stayed the same so much is shown beside a change; a shorter one is shown whole.
KEPT_AROUND, LONGEST_SAME = 160, 500


@dataclass(frozen=True)
class Change:
    """One part of a petition that reads otherwise now."""

    name: Any
    html: SafeString


def between(old: Version, new: Version) -> list[Change]:
    """Return the parts that differ, in the order of reading; an empty list where the words are the same."""
    parts = [
        (gettext_lazy("Title"), old.title, new.title),
        (gettext_lazy("Decision maker"), _maker(old), _maker(new)),
        (gettext_lazy("Ask"), old.ask, new.ask),
        (gettext_lazy("Text"), old.body, new.body),
    ]
    return [Change(name, as_html(pieces(before, after))) for name, before, after in parts if before != after]


def pieces(old: str, new: str) -> list[Piece]:
    """Return what stayed, went and came, in the order of reading; together they are both texts, whole."""
    return list(_joined(_by_paragraph(old.splitlines(keepends=True), new.splitlines(keepends=True))))


def as_html(changes: Sequence[Piece]) -> SafeString:
    """Return the pieces escaped, what went and came in elements with their names; long sameness is cut."""
    last = len(changes) - 1
    return format_html_join(
        "", "{}", ((_marked(piece, place == 0, place == last),) for place, piece in enumerate(changes))
    )


def _maker(version: Version) -> str:
    return version.decision_maker.name if version.decision_maker else ""


def _by_paragraph(old: list[str], new: list[str]) -> Iterator[Piece]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        before, after = "".join(old[a:b]), "".join(new[c:d])
        if kind == "equal":
            yield "same", before
        else:
            yield from _by_word(_TOKENS.findall(before), _TOKENS.findall(after))


def _by_word(old: list[str], new: list[str]) -> Iterator[Piece]:
    if len(old) * len(new) > LARGEST_PRODUCT:
        yield from (("removed", "".join(old)), ("added", "".join(new)))
        return
    for kind, a, b, c, d in SequenceMatcher(str.isspace, old, new).get_opcodes():
        if kind == "equal":
            yield "same", "".join(old[a:b])
        else:
            yield from (("removed", "".join(old[a:b])), ("added", "".join(new[c:d])))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Put neighbours of a kind together, what went before what came; a lone space between changes joins them."""
    removed = added = ""
    for kind, text in pieces:
        if kind == "removed":
            removed += text
        elif kind == "added":
            added += text
        elif text.isspace() and "\n" not in text and (removed or added):
            removed, added = removed + text, added + text
        elif text:
            yield from _ended(removed, added)
            removed = added = ""
            yield "same", text
    yield from _ended(removed, added)


def _ended(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield "removed", removed
    if added:
        yield "added", added


def _marked(piece: Piece, is_first: bool, is_last: bool) -> SafeString | str:
    kind, text = piece
    if kind == "same":
        return _shortened(text, is_first, is_last)
    name, tag = (_("removed:"), "del") if kind == "removed" else (_("added:"), "ins")
    return format_html(
        '<{} class="{}"><span class="visually-hidden">{} </span>{}</{}>', tag, kind, name, text, tag
    )


def _shortened(text: str, is_first: bool, is_last: bool) -> SafeString | str:
    """Return the beginning and the end of a long passage: the sides on which something has changed."""
    if len(text) <= LONGEST_SAME:
        return text
    start = "" if is_first else text[:KEPT_AROUND]
    end = "" if is_last else text[-KEPT_AROUND:]
    return format_html('{}<span class="same">{}</span>{}', start, _("[… the same …]"), end)
