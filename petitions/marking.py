"""Marking in a title what a reader searched for. PostgreSQL's ts_headline took seconds and a gigabyte for forty words."""

import re
import unicodedata
from collections.abc import Collection

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

_WORD = re.compile(r"\w+")
# Operators of the search box: what is ruled out by a hyphen is not marked, nor is “or”.
_RULED_OUT = re.compile(r"(?:^|\s)-\S+")
_SHORTEST_STEM, _LONGEST_ENDING = 4, 3


def folded_words(text: str) -> frozenset[str]:
    """Return the words to look for, in lower case and without accents."""
    return frozenset(fold(word) for word in _WORD.findall(without_ruled_out(text))) - {"or"}


def without_ruled_out(text: str) -> str:
    """Return what a reader looks for, without the words that a hyphen rules out."""
    return _RULED_OUT.sub(" ", text)


def fold(word: str) -> str:
    """Return the word as the search sees it: in lower case and without accents."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def mark(title: str, words: Collection[str]) -> SafeString:
    """Return the title with <mark> around words that match; everything else is escaped."""
    places = [match for match in _WORD.finditer(title) if _is_among(fold(match[0]), words)] if words else []
    if not places:
        return escape(title)
    starts = [0, *(place.end() for place in places)]
    ends = [*(place.start() for place in places), len(title)]
    between = [title[start:end] for start, end in zip(starts, ends, strict=True)]
    return format_html_join("", "{}{}", zip(between, [*map(_marked, places), ""], strict=True))


def _marked(place: re.Match[str]) -> SafeString:
    return format_html_join("", "<mark>{}</mark>", [(place[0],)])


def _is_among(word: str, words: Collection[str]) -> bool:
    """Tell whether two words are the same but for an ending; the search itself knows stems better than this."""
    return word in words or any(_differ_by_ending(word, other) for other in words)


def _differ_by_ending(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    is_close = len(shorter) >= _SHORTEST_STEM and len(longer) - len(shorter) <= _LONGEST_ENDING
    return is_close and longer.startswith(shorter)
