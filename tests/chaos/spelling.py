"""One mailbox in the many ways in which people type it."""

from random import Random

FOREIGN = ("bücher.example", "BÜCHER.example", "xn--bcher-kva.example", "bu\u0308cher.example")
GMAIL = ("gmail.com", "GMail.com", "googlemail.com")
TAGS = ("", "+x", "+News.1")


def of_one_mailbox(name: str, number: int, dice: Random, *, foreign: bool) -> list[str]:
    """Return so many spellings: of a domain in its writings, or with Gmail's dots, tags and two names."""
    if foreign:
        return [f"{_cased(name, dice)}@{dice.choice(FOREIGN)}" for _ in range(number)]
    return [f"{_dotted(name, dice)}{dice.choice(TAGS)}@{dice.choice(GMAIL)}" for _ in range(number)]


def _dotted(name: str, dice: Random) -> str:
    parts = [letter + dice.choice(["", "", "."]) for letter in name[:-1]]
    return _cased("".join(parts) + name[-1], dice)


def _cased(name: str, dice: Random) -> str:
    return str(dice.choice([name, name.upper(), name.title()]))
