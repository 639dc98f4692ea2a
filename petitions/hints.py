"""What a moderator may want to look at twice; each hint says why and where, none of them decides anything."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from petitions import lookalikes, private_data

# So many places are shown of each hint, with so many characters around; what is longer is cut.
PLACES_SHOWN, AROUND, LONGEST_SHOWN = 4, 40, 160
# A text below this seldom says who is affected and what goes wrong.
SHORT = 150
# Shorter texts in capitals may be an abbreviation; and a share above this reads as shouting.
CASED_AT_LEAST, SHOUTING_SHARE = 16, 0.6
# So many words in a row; one or two letters in capitals may be an article or a name's first letter.
SHOUTED_WORDS, LETTERS_AT_LEAST = 4, 3

_ADDRESS = re.compile(r"(?:https?://|(?<![\w.])www\.)[^\s<>\"]{1,2000}", re.IGNORECASE)
_HREF = re.compile(r'href="([^"]{1,4000})"')
_MARKS = re.compile(r"[!?！？]{3,}")
_WORDS = re.compile(r"\w+")
_BREAKS = re.compile(r"\n+")
_PARAGRAPHS = re.compile(r"\n\s*\n")
# Words by which people ask, in the languages whose texts are stemmed here; elsewhere a missing ask is not hinted at.
_ASKING = {
    "en": "ask asks asking call calls demand demands urge urges request requests want wants should must please need needs "
    "stop ban keep make let give save build repair open close change end allow start protect restore fund introduce",
    "de": "fordern fordert fordere bitten bittet bitte verlangen verlangt wollen soll sollen muss müssen möge appellieren",
    "fr": "demandons demande exigeons exige réclamons voulons doit doivent appelons prions sollicitons faut",
    "es": "pedimos pide exigimos exige solicitamos queremos debe deben reclamamos instamos",
    "it": "chiediamo chiede chiedo vogliamo deve devono esigiamo sollecitiamo",
    "pt": "pedimos exigimos solicitamos queremos deve devem reivindicamos",
    "nl": "vragen vraagt eisen eist willen moet moeten verzoeken roepen",
}


@dataclass(frozen=True)
class Text:
    """Every public word of a petition as it was typed, and its body as the public gets it."""

    title: str
    ask: str = ""
    body: str = ""
    html: str = ""
    language: str = "en"
    decision_maker: str = ""
    starter_name: str = ""

    @property
    def parts(self) -> list[tuple[Any, str]]:
        """Each part with its name, in the order of reading."""
        names = [(_("Decision maker"), self.decision_maker), (_("Starter’s name"), self.starter_name)]
        return [(_("Title"), self.title), *names, (_("Ask"), self.ask), (_("Text"), self.body)]


class Place(NamedTuple):
    """Where something stands: which part, and from where to where in its words."""

    part: Any
    source: str
    start: int = 0
    end: int = 0

    @property
    def words(self) -> str:
        """What stands there, with a name for each character that nobody sees."""
        return _in_a_line(self.source[self.start : min(self.end, self.start + LONGEST_SHOWN)])

    @property
    def before(self) -> str:
        """A little of what comes before it."""
        words = _in_a_line(self.source[max(0, self.start - AROUND) : self.start])
        return f"…{words}" if self.start > AROUND else words

    @property
    def after(self) -> str:
        """A little of what follows."""
        words = _in_a_line(self.source[self.end : self.end + AROUND])
        return f"{words}…" if self.end + AROUND < len(self.source) else words


@dataclass(frozen=True)
class Hint:
    """Something to look at, why one might, and the first places where it is."""

    code: str
    title: Any
    explanation: Any
    places: tuple[Place, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class _Check:
    """One thing to look for: `find` yields a place for each time that it is there."""

    code: str
    title: Any
    explanation: Any
    find: Callable[[Text], Iterable[Place]]


def hints_for(text: Text) -> list[Hint]:
    """Return what is worth a second look, in a time that grows with the length of the text and no faster."""
    found = ((check, list(check.find(text))) for check in _CHECKS)
    return [_hint(check, places) for check, places in found if places]


def _hint(check: _Check, places: list[Place]) -> Hint:
    shown = tuple(places[:PLACES_SHOWN])
    return Hint(check.code, check.title, check.explanation, shown, len(places) - len(shown))


def _spans(find: Callable[[str], Iterable[tuple[int, int]]]) -> Callable[[Text], Iterator[Place]]:
    """Return a search of every part for what stands between two positions."""

    def places(text: Text) -> Iterator[Place]:
        for part, words in text.parts:
            yield from (Place(part, words, start, end) for start, end in find(words))

    return places


def _links(text: Text) -> Iterator[Place]:
    """Yield each address that the public could click or copy, once, with its host as the words."""
    typed = ((part, match.group()) for part, words in text.parts for match in _ADDRESS.finditer(words))
    clickable = ((_("Text"), unescape(match.group(1))) for match in _HREF.finditer(text.html))
    seen = set()
    for part, address in (*clickable, *typed):
        tidy = address.rstrip(".,;:!?)]'’")
        full = tidy if ":" in tidy else f"http://{tidy}"
        if full.startswith("mailto:") or full in seen:
            continue
        seen.add(full)
        host = _host(full)
        yield Place(part, f"{host} {full}", 0, len(host))


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or address[:60]
    except ValueError:
        return address[:60]


def _shouted(words: str) -> Iterator[tuple[int, int]]:
    cased = [character for character in words if character.isupper() or character.islower()]
    if len(cased) >= CASED_AT_LEAST and sum(map(str.isupper, cased)) > SHOUTING_SHARE * len(cased):
        yield 0, min(len(words), 60)
        return
    yield from _runs_of_capitals(words)
    yield from (match.span() for match in _MARKS.finditer(words))


def _runs_of_capitals(words: str) -> Iterator[tuple[int, int]]:
    run: list[re.Match[str]] = []
    for match in _WORDS.finditer(words):
        if match.group().isupper() and len(match.group()) >= LETTERS_AT_LEAST:
            run.append(match)
            continue
        if len(run) >= SHOUTED_WORDS:
            yield run[0].start(), run[-1].end()
        run = []
    if len(run) >= SHOUTED_WORDS:
        yield run[0].start(), run[-1].end()


def _is_short(text: Text) -> Iterator[Place]:
    length = len(text.ask) + len(text.body)
    if length < SHORT:
        yield _whole(_("Text"), text.body or text.ask)


def _lacks_ask(text: Text) -> Iterator[Place]:
    asking = set(_ASKING.get(text.language, "").split())
    if text.ask or not asking:
        return
    words = (match.group().lower() for part in (text.title, text.body) for match in _WORDS.finditer(part))
    if asking.isdisjoint(words):
        yield _whole(_("Title"), text.title)


def _repeats(text: Text) -> Iterator[Place]:
    """Yield what is said twice: the title as ask or text, a paragraph a second time."""
    title, ask = _plain(text.title), _plain(text.ask)
    paragraphs = [each.strip() for each in _PARAGRAPHS.split(text.body)]
    if title and ask == title:
        yield _whole(_("Ask"), text.ask)
    seen = {title, ask}
    for paragraph in paragraphs:
        plain = _plain(paragraph)
        if plain and plain in seen:
            yield _whole(_("Text"), paragraph)
        seen.add(plain)


def _in_a_line(words: str) -> str:
    return lookalikes.visible(_BREAKS.sub(" ", words))


def _whole(part: Any, words: str) -> Place:
    return Place(part, words, 0, len(words))


def _plain(words: str) -> str:
    return " ".join(match.group().casefold() for match in _WORDS.finditer(words))


_CHECKS = (
    _Check(
        "phone",
        _("A telephone number"),
        _("If it is somebody’s own and not an office’s, it should not be public."),
        _spans(private_data.phones),
    ),
    _Check(
        "email",
        _("An e-mail address"),
        _("If it is somebody’s own and not an office’s, it should not be public."),
        _spans(private_data.addresses),
    ),
    _Check(
        "postal",
        _("Perhaps a postal address"),
        _("A street with a number or a postcode. A public place may be named, somebody’s home may not."),
        _spans(private_data.homes),
    ),
    _Check(
        "iban",
        _("A bank account"),
        _("A valid account number (IBAN). Petitions don’t collect money."),
        _spans(private_data.accounts),
    ),
    _Check(
        "links",
        _("Links to other sites"),
        _("Look where they lead, without signing in there: to sources, or to something that is for sale?"),
        _links,
    ),
    _Check(
        "shouting",
        _("Capitals or marks that shout"),
        _(
            "Most letters are capitals, several words in a row are, or there are three marks or more together."
        ),
        _spans(_shouted),
    ),
    _Check(
        "lookalikes",
        _("Letters that look like others"),
        _(
            "A word mixes alphabets, or is written in signs that look like letters. It may imitate a name, or hide from search."
        ),
        _spans(lookalikes.words),
    ),
    _Check(
        "invisible",
        _("Invisible characters"),
        _(
            "They turn the direction of text, or stand where nothing is seen; often they come along when text is copied."
        ),
        _spans(lookalikes.unseen),
    ),
    _Check(
        "short",
        _("Very short"),
        _("People may not learn from this who is affected and what would change."),
        _is_short,
    ),
    _Check(
        "no-ask",
        _("Perhaps nothing is asked"),
        _("The field for it is empty, and there is no word by which people ask."),
        _lacks_ask,
    ),
    _Check(
        "repeats",
        _("Something is said twice"),
        _("The title stands again as the ask or in the text, or a paragraph is repeated."),
        _repeats,
    ),
)
