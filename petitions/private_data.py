"""Where a text seems to have somebody's contact data: positions for a moderator to look at, never a verdict."""

import re
from collections.abc import Iterator

Spans = Iterator[tuple[int, int]]

# Every repetition is bounded or possessive, and starts only where a word does: no text makes these slow.
_NUMBER = re.compile(r"(?<![\w.,/@-])(?<!\d )\+?\(?\d(?:[ ()./\u00a0-]{0,2}\d){6,16}+(?![\w@])")
_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})\b|\d{4}([./-])\d{1,2}\2\d{1,2}\b")
_WITH_AREA = re.compile(r"\(?\d{3}\)?[ .\u00a0-]?\d{3}[ .\u00a0-]\d{4}|\d{3}[.-]\d{4}")
FEWEST_DIGITS, MOST_DIGITS = 7, 15
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}+(?:@|\s?[\[({]\s?at\s?[\])}]\s?)[\w-]{1,63}+"
    r"(?:(?:\.|\s?[\[({]\s?dot\s?[\])}]\s?)[\w-]{1,63}+){1,5}",
    re.IGNORECASE,
)
_CAPITAL = "[A-ZÀ-ÞĀ-ŽΑ-ΩА-Я]"
_HOMES = [
    # 12 Baker Street
    re.compile(
        rf"(?<!\w)\d{{1,5}}[a-z]?\s(?:{_CAPITAL}[\w’'.-]{{0,30}}+\s){{1,3}}"
        r"(?i:street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|close|terrace|boulevard|blvd|crescent)\b"
    ),
    # 12, rue de la Paix
    re.compile(
        r"(?<!\w)\d{1,4}(?:\s?bis|\s?ter)?,?\s(?i:rue|avenue|boulevard|chemin|impasse|allée|quai)(?:\s[\w’'-]{1,30}+){1,3}"
    ),
    # Calle de Alcalá 12; Via Garibaldi, 5
    re.compile(
        r"(?<!\w)(?i:calle|avenida|carrer|via|viale|rua|piazza|ulica|ul\.)(?:\s[\w’'.-]{1,30}+){0,2}?"
        rf"\s{_CAPITAL}[\w’'.-]{{0,30}}+,?\s\d{{1,4}}(?!\w)"
    ),
    # SW1A 1AA; IL 62704
    re.compile(r"(?<!\w)(?:[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|[A-Z]{2}\s\d{5}(?:-\d{4})?)(?!\w)"),
]
# Hauptstraße 12, Kerkstraat 5: the kind of street ends the word.
_WORD_AND_NUMBER = re.compile(r"(?<![\w-])([^\W\d_][\w-]{2,60}+)\.?\s\d{1,4}[a-z]?(?!\w|\.\d)", re.IGNORECASE)
_STREETS = (
    "straße",
    "strasse",
    "str",
    "gasse",
    "platz",
    "allee",
    "weg",
    "straat",
    "laan",
    "plein",
    "gatan",
    "gade",
    "vej",
)
# How long an account number is in each country that has them (the IBAN registry of ISO 13616).
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "BA": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24,
    "DE": 22, "DK": 18, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GE": 22, "GR": 27, "HR": 21,
    "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "KZ": 20, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
    "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PT": 25, "RO": 24, "RS": 22,
    "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "XK": 20,
}  # fmt: skip
_AS_NUMBERS = {ord("A") + place: str(10 + place) for place in range(26)}
_IBAN = re.compile(r"(?<!\w)(?=([A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}+))", re.IGNORECASE)


def phones(words: str) -> Spans:
    """Find telephone numbers: with a country's or an area's code, or grouped as people write them."""
    for match in _NUMBER.finditer(words):
        if _is_phone(match.group()):
            yield match.span()


def addresses(words: str) -> Spans:
    """Find e-mail addresses, also those written with “(at)”."""
    return (match.span() for match in _EMAIL.finditer(words))


def homes(words: str) -> Spans:
    """Find what looks like a street with a number, or like a postcode."""
    spans = [match.span() for pattern in _HOMES for match in pattern.finditer(words)]
    numbered = (match for match in _WORD_AND_NUMBER.finditer(words) if match[1].lower().endswith(_STREETS))
    yield from sorted([*spans, *(match.span() for match in numbered)])


def accounts(words: str) -> Spans:
    """Find bank accounts whose check digits are right."""
    for match in _IBAN.finditer(words):
        if length := _account_length(match[1]):
            yield match.start(), match.start() + length


def _is_phone(written: str) -> bool:
    digits = sum(map(str.isdigit, written))
    number = written.lstrip("(")
    if not FEWEST_DIGITS <= digits <= MOST_DIGITS or _DATE.match(number):
        return False
    return number.startswith(("+", "0")) or _WITH_AREA.fullmatch(written) is not None


def _account_length(written: str) -> int:
    """Return how many of these characters are a valid account number: 0, or all of it with its spaces."""
    wanted = _IBAN_LENGTHS.get(written[:2].upper(), 0)
    number = written.replace(" ", "")[:wanted].upper()
    if not wanted or len(number) < wanted or int((number[4:] + number[:4]).translate(_AS_NUMBERS)) % 97 != 1:
        return 0
    places = [place for place, character in enumerate(written) if character != " "]
    return places[wanted - 1] + 1
