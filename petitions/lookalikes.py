"""Letters that look like other letters, and characters that nobody sees: where they are in a text."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from lib.text import BIDI_CONTROLS

# Alphabets that share shapes; other mixtures, such as Japanese with Latin, are how people write.
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
# Cyrillic and Greek letters that are drawn as Latin ones are: a word of these alone reads as Latin.
_LIKE_LATIN = frozenset("асеорхуіјѕһԁԛԝԍАВСЕНІЈКМОРЅТХУԚԜ" + "οανρυικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
# Signs for mathematics and for lists that spell plain letters.
_DRAWN = ("MATHEMATICAL ", "FULLWIDTH ", "CIRCLED ", "NEGATIVE CIRCLED ", "SQUARED ", "DOUBLE-STRUCK ")
_WORDS = re.compile(r"\w+")
# Not the joiners U+200C and U+200D nor the marks U+200E and U+200F: Persian, Hindi, Hebrew and emoji need them.
_UNSEEN = (
    BIDI_CONTROLS
    | frozenset(
        "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\uffa0"
    )
    | frozenset(map(chr, range(0xE0000, 0xE0080)))
)
_RUNS = re.compile(f"[{''.join(sorted(_UNSEEN))}]+")
# England, Scotland and Wales have flags made of a black flag and tags.
_FLAGS = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{2,8}\U000e007f")
_IN_LATIN = re.compile(r"[A-Za-z]")


def words(text: str) -> Iterator[tuple[int, int]]:
    """Find words that mix alphabets, are drawn in signs, or are foreign letters that read as Latin."""
    if text.isascii():
        return
    is_latin = len(_IN_LATIN.findall(text)) * 2 > len(text) * 0.8
    found = [match for match in _WORDS.finditer(text) if not match.group().isascii()]
    imitating = {word for word in {each.group() for each in found} if _imitates(word, in_latin=is_latin)}
    yield from (match.span() for match in found if match.group() in imitating)


def unseen(text: str) -> Iterator[tuple[int, int]]:
    """Find characters that turn the direction of text or leave no trace of themselves."""
    if text.isascii():
        return
    flags = {place for flag in _FLAGS.finditer(text) for place in range(*flag.span())}
    yield from (match.span() for match in _RUNS.finditer(text) if match.start() not in flags)


def visible(text: str) -> str:
    """Return the text with a name in the place of each character that nobody sees."""
    return _RUNS.sub(lambda match: "".join(f"⟨{_named(each)}⟩" for each in match.group()), text)


def _imitates(word: str, *, in_latin: bool) -> bool:
    alphabets = {_alphabet(character) for character in word} - {""}
    if len(alphabets) > 1 or any(_is_drawn(character) for character in word):
        return True
    return in_latin and alphabets != {"LATIN"} and len(word) > 1 and _LIKE_LATIN.issuperset(word)


@cache
def _alphabet(character: str) -> str:
    name = unicodedata.name(character, "")
    return next((each for each in _ALPHABETS if name.startswith(f"{each} ")), "")


@cache
def _is_drawn(character: str) -> bool:
    plain = unicodedata.normalize("NFKC", character)
    return plain.isascii() and plain.isalpha() and unicodedata.name(character, "").startswith(_DRAWN)


def _named(character: str) -> str:
    return unicodedata.name(character, f"U+{ord(character):04X}").lower()
