"""What somebody has typed into a petition's form and could not be kept yet, held in their session until it can."""

from collections.abc import Mapping

from django.http import HttpRequest

START = "start"
_KEY = "petition_typed"
# More than any form that is filled by hand; a session must not become a store for scripts.
_LONGEST = 100_000
_PLACES = 3
FIELDS = (
    "title",
    "decision_maker",
    "ask",
    "body",
    "topic",
    "first_goal",
    "language",
    "starter_name",
    "request_key",
    "text",
)


def edit_of(pk: int) -> str:
    """Return the name of the place where this petition is edited."""
    return f"edit-{pk}"


def objection_to(pk: int) -> str:
    """Return the name of the place where somebody objects to a decision on this petition."""
    return f"objection-{pk}"


def words_in(data: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of the form that are in the data."""
    return {name: data[name] for name in FIELDS if name in data}


def keep(request: HttpRequest, place: str, data: Mapping[str, str]) -> None:
    """Hold the words for this place; the oldest of more than a few places is let go."""
    words = words_in(data)
    if sum(map(len, words.values())) > _LONGEST:
        return
    others = {name: held for name, held in request.session.get(_KEY, {}).items() if name != place}
    latest = dict(list(others.items())[-(_PLACES - 1) :])
    request.session[_KEY] = {**latest, place: words}


def kept(request: HttpRequest, place: str) -> dict[str, str]:
    """Return the words that are held for this place."""
    words: dict[str, str] = request.session.get(_KEY, {}).get(place, {})
    return words


def forget(request: HttpRequest, place: str) -> None:
    """Let the words go: they are kept elsewhere, or not wanted."""
    places = request.session.get(_KEY, {})
    if places.pop(place, None) is not None:
        request.session[_KEY] = places
