"""Hints: what is found, where, and that nothing makes them slow."""

import time

import pytest

from petitions import hints
from petitions.hints import Text
from petitions.markdown import to_html

CALM = (
    "The lamps on the river path go off at ten. Night-shift workers walk home in the dark, and we ask for light. "
    * 2
)


def codes(**parts: str) -> set[str]:
    text = {"title": "Keep the river path lit", "ask": "Leave the lamps on.", "body": CALM, **parts}
    return {hint.code for hint in hints.hints_for(Text(**text, html=to_html(text["body"])))}


def found(code: str, body: str, **parts: str) -> list[str]:
    text = Text("A title", "We ask.", body, to_html(body), **parts)
    return [place.words for hint in hints.hints_for(text) if hint.code == code for place in hint.places]


def test_a_calm_text_gives_no_hint():
    assert codes() == set()


@pytest.mark.parametrize(
    "number",
    ["+49 30 1234567", "030/1234567", "(212) 555-0134", "555-0134", "0171 2345678", "+1.212.555.0134"],
)
def test_it_finds_a_telephone_number(number):
    assert found("phone", f"Call {number} today") == [number]


@pytest.mark.parametrize(
    "number",
    [
        "2019-2020",
        "12.03.2024",
        "01.02.2024",
        "2024-01-31",
        "1,000,000",
        "1 000 000",
        "10.5.3.20214",
        "12345",
    ],
)
def test_dates_and_amounts_are_no_telephone_numbers(number):
    assert found("phone", f"It was {number} then") == []


@pytest.mark.parametrize(
    "address", ["anna.b+c@mail.example.co.uk", "bob (at) example (dot) org", "a_b@example.org"]
)
def test_it_finds_a_mail_address(address):
    assert found("email", f"Write to {address}, please") == [address]


def test_a_handle_is_no_mail_address():
    assert found("email", "Ask @handle or foo@bar") == []


@pytest.mark.parametrize(
    "home",
    [
        "12 Baker Street",
        "Hauptstraße 12",
        "Kerkstraat 5",
        "12, rue de la Paix",
        "SW1A 1AA",
        "Calle de Alcalá 12",
    ],
)
def test_it_finds_what_looks_like_a_home(home):
    assert found("postal", f"Visit {home}.") == [home]


def test_a_street_without_a_number_is_no_home():
    assert found("postal", "30 people live on Main Street, and 5 years ago the street was dark.") == []


def test_it_finds_an_account_by_its_check_digits():
    text = "DE89 3704 0044 0532 0130 00 or GB82WEST12345698765432, not DE12 3456 7890 1234 5678 90"
    assert found("iban", text) == ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"]


def test_an_account_is_no_telephone_number():
    assert found("phone", "Pay to DE89 3704 0044 0532 0130 00.") == []


def test_it_names_the_host_of_every_link_once():
    text = "See [the study](https://example.org/a) and https://example.org/a and www.shop.example."
    assert found("links", text) == ["example.org", "www.shop.example"]


def test_it_shows_where_a_link_really_leads():
    assert found("links", "[example.org](https://elsewhere.example/)") == ["elsewhere.example"]


@pytest.mark.parametrize(
    "title", ["STOP THE TRAFFIC NOW", "Stop it!!!", "We say STOP THIS ROAD TODAY to them all"]
)
def test_it_hears_shouting(title):
    assert "shouting" in codes(title=title)


@pytest.mark.parametrize("title", ["NATO and the EU", "Fund the NHS", "道路を作るな"])
def test_an_abbreviation_is_no_shouting(title):
    assert "shouting" not in codes(title=title)


@pytest.mark.parametrize(
    "title",
    [
        "Save the p\u0430rk",
        "\U0001d5e6\U0001d5ee\U0001d603\U0001d5f2 it",
        "The \u0441\u043e\u0441\u043e of us",
    ],
)
def test_it_sees_letters_that_imitate_others(title):
    assert "lookalikes" in codes(title=title)


@pytest.mark.parametrize(
    "title", ["Москва и Paris", "日本語とEnglish混在の文", "Über naïve façades, 5 m² nº 1", "Ελλάδα now"]
)
def test_other_alphabets_are_no_imitation(title):
    assert "lookalikes" not in codes(title=title)


def test_it_names_what_nobody_sees():
    assert found("invisible", "pay\u200bpal \u202egpj") == ["⟨zero width space⟩", "⟨right-to-left override⟩"]


@pytest.mark.parametrize(
    "title",
    [
        "می\u200cخواهم",
        "👩\u200d🚒 for us",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
)
def test_joiners_and_flags_are_not_hidden(title):
    assert "invisible" not in codes(title=title)


@pytest.mark.parametrize(
    ("part", "name"), [("decision_maker", "Decision maker"), ("starter_name", "Starter’s name")]
)
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Call +49 30 1234567", "phone"),
        ("anna@example.org", "email"),
        ("Anna, 12 Baker Street", "postal"),
        ("DE89 3704 0044 0532 0130 00", "iban"),
        ("Buy at www.example.org", "links"),
        ("THE MAYOR OF OSTERFELL", "shouting"),
        ("The m\u0430yor", "lookalikes"),
        ("The\u200bmayor", "invisible"),
    ],
)
def test_it_reads_the_names_that_are_public(part, name, words, code):
    hinted = hints.hints_for(Text("Keep the river path lit", "Leave the lamps on.", CALM, **{part: words}))
    assert [(hint.code, hint.places[0].part) for hint in hinted] == [(code, name)]


@pytest.mark.parametrize("name", ["Parks Department", "Denver Mayor", "Patrick L.", "NATO", "Москва"])
def test_a_calm_name_gives_no_hint(name):
    assert codes(decision_maker=name, starter_name=name) == set()


def test_it_says_what_is_short_and_what_asks_nothing():
    assert codes(title="Lamps on the path", ask="", body="Dark.") == {"short", "no-ask"}
    assert "no-ask" not in codes(ask="", body=f"{CALM} The council should act.")


def test_it_does_not_judge_the_ask_in_languages_it_does_not_know():
    hinted = hints.hints_for(Text("夜の道を明るく", "", "暗い。" * 60, language="ja"))
    assert "no-ask" not in {hint.code for hint in hinted}


def test_it_sees_what_is_said_twice():
    assert "repeats" in codes(title="Light the path", ask="Light the path!")
    assert "repeats" in codes(body=f"Keep the river path lit\n\n{CALM}")
    assert "repeats" in codes(body=f"{CALM}\n\n{CALM}")


def test_it_shows_the_first_places_with_what_is_around_and_counts_the_rest():
    body = " ".join(f"Mail number{n}@example.org." for n in range(9))
    (hint,) = [each for each in hints.hints_for(Text("T", "", body)) if each.code == "email"]
    assert (len(hint.places), hint.more) == (4, 5)
    assert (hint.places[0].before, hint.places[0].words) == ("Mail ", "number0@example.org")
    assert hint.places[1].after.endswith("…")


HOSTILE = [
    "a", "A", "1", "1 ", "+1 ", "@", "a@", "a.", "a@a.", "a ", "Ab ", "ABC ", "!", "www.", "http://", "12 a ", "a-",
    "1 aaaa bbbb cccc ", "DE89 ", "\u200b", "a\u200b", "а", "аb ", "\n", "ab\n\n", "a (at) ", "a [at", " ", "weg ",
    "calle a ", "1 rue ", "\U0001f3f4\U000e0067", "via aaa bbb ccc ", "abcstr 1 ", "Aа1@. ", "1.", "12-", "\t",
]  # fmt: skip


@pytest.mark.parametrize("pattern", HOSTILE)
def test_twice_the_text_takes_about_twice_the_time(pattern):
    """A text of 20,000 characters takes some 20 ms; a loaded machine is given ten times that, a square is not."""
    assert is_read_within(0.5, pattern, 20_000)
    assert is_read_within(2, pattern, 80_000)


def is_read_within(seconds: float, pattern: str, length: int) -> bool:
    """Try three times at most: whatever else the process had to do is not the text's fault."""
    text = Text("T", "", (pattern * length)[:length])
    return any(_time(text) < seconds for _try in range(3))


def _time(text: Text) -> float:
    started = time.process_time()
    hints.hints_for(text)
    return time.process_time() - started
