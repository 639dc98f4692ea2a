"""What people type, made safe to keep and compare."""

import re
import unicodedata

from django.utils.text import slugify

LONGEST_SLUG = 60

# Unicode's explicit bidirectional controls (UAX #9): they can make a text read otherwise than it is stored.
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NO_BIDI = dict.fromkeys(map(ord, BIDI_CONTROLS))
_BREAKS = re.compile(r"\r\n?|\u2028|\u2029|\x0b|\x0c|\x85")
_SPACES = re.compile(r"\s+")
# C0 and C1 controls but for tab and line feed; PostgreSQL refuses NUL, readers see nothing of the others.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
# Hebrew with vowels and accents has four marks on a letter; more are there to spill over the lines around.
_MOST_MARKS = 4


def clean_text(value: str) -> str:
    """Return the text in NFC with line feeds for line ends and nothing invisible at its ends, in it no controls.

    Of marks that are stacked on one letter the first few stay.
    """
    value = unicodedata.normalize("NFC", _unstacked(_BREAKS.sub("\n", value)))
    value = _CONTROLS.sub("", value.translate(_NO_BIDI))
    return "\n".join(line.rstrip() for line in value.split("\n")).strip()


def clean_line(value: str) -> str:
    """Return the text as one line with single spaces."""
    return _SPACES.sub(" ", clean_text(value)).strip()


def slug_for(title: str, pk: int) -> str:
    """Return an address part that cannot collide: the title's first words in ASCII, a hyphen and the id."""
    words = slugify(title)
    if len(words) > LONGEST_SLUG:
        words = words[: LONGEST_SLUG + 1].rpartition("-")[0] or words[:LONGEST_SLUG]
    return f"{words.strip('-') or 'petition'}-{pk}"


def initials(name: str) -> str:
    """Return at most two capital letters for an avatar: of the first and the last word."""
    words = [word for word in re.split(r"[\s\-]+", name) if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _unstacked(value: str) -> str:
    if value.isascii():
        return value
    kept, marks = [], 0
    for character in unicodedata.normalize("NFD", value):
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)
