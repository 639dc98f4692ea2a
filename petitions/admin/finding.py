"""What is typed above the list of petitions: a number or an address leads straight there, words are searched for."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from petitions import narrowing
from petitions.models import Petition
from petitions.querysets import PetitionQuerySet

# More digits are no petition's number, and the database would refuse them.
LONGEST_NUMBER = 12
# So many are shown of what a search finds too often to count.
SHOWN_OF_MANY = 500
_NUMBER = re.compile(rf"#?([0-9]{{1,{LONGEST_NUMBER}}})")
_IN_ADMIN = re.compile(rf"/petitions/petition/([0-9]{{1,{LONGEST_NUMBER}}})(?:[/?#]|$)")
_IN_PUBLIC = re.compile(r"/petitions/([^/?#\s]+)")
_SLUG = re.compile(r"[\w-]+-[0-9]+")


def straight_to(typed: str, petitions: PetitionQuerySet) -> Petition | None:
    """Return the one petition that is named by its number, its address or a part of that; None for words."""
    typed = unquote(typed).strip()
    number = _NUMBER.fullmatch(typed) or _IN_ADMIN.search(typed)
    if number:
        return petitions.filter(pk=int(number[1])).first()
    address = _IN_PUBLIC.search(typed)
    slug = address[1] if address else typed if _SLUG.fullmatch(typed) else ""
    return petitions.filter(slug=slug.replace("\x00", "")).first() if slug else None


@dataclass(frozen=True)
class Found:
    """What has the words; of many only the first ones are quick to read, and counting them is not."""

    petitions: PetitionQuerySet
    are_many: bool = False


def matching(typed: str, petitions: PetitionQuerySet, *, by_address: bool, all_of_them: bool) -> Found:
    """Return those that have the words; a whole e-mail address is looked up for those who may know it."""
    words = typed.strip()
    if not words:
        return Found(petitions)
    if by_address and "@" in words:
        return Found(narrowing.started_by(petitions, words))
    if all_of_them:
        return Found(narrowing.found_by(petitions, words))
    keys = narrowing.few_found_by(words)
    if keys is None:
        return Found(narrowing.looked_through(petitions, words), are_many=True)
    return Found(petitions.filter(pk__in=keys))
