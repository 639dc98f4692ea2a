"""The fields of front matter: what each takes, said to the person who wrote it when it does not."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from lib.text import clean_line, clean_text
from petitions.importing.numbers import whole_number
from petitions.states import State

_STATES = {State.PUBLISHED.value: State.PUBLISHED, State.SUBMITTED.value: State.SUBMITTED}

_LARGEST = 10**18
_NO_MOMENT = "takes a day like 2030-01-31 or a moment like 2030-01-31T18:00:00+01:00"


class Misfit(ValueError):
    """A field was given what it does not take; the text says what it takes."""


def _line(value: object) -> str:
    if not isinstance(value, str):
        raise Misfit("takes text; put it in quotes")
    return clean_line(value)


def _text(value: object) -> str:
    _line(value)
    return clean_text(str(value))


def _id(value: object) -> str:
    plain_number = isinstance(value, int) and not isinstance(value, bool)
    return _line(str(value) if plain_number else value)


def _goal(value: object) -> int:
    number = whole_number(value) if isinstance(value, str) else value
    if not isinstance(number, int) or isinstance(number, bool) or abs(number) > _LARGEST:
        raise Misfit(f"“{clean_line(str(value))[:60]}” is not a whole number that could be a goal")
    return number


def _state(value: object) -> State:
    state = _STATES.get(str(value))
    if state is None:
        raise Misfit(f"is {' or '.join(_STATES)}")
    return state


def _moment(value: object) -> datetime:
    """Return the moment in UTC; a day without a time lasts until its end, a time without a zone is UTC."""
    value = _parsed(value) if isinstance(value, str) else value
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(23, 59, 59))
    if not isinstance(value, datetime):
        raise Misfit(_NO_MOMENT)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _parsed(text: str) -> date | datetime:
    try:
        return datetime.fromisoformat(text) if len(text) > len("2030-01-31") else date.fromisoformat(text)
    except ValueError as fault:
        raise Misfit(_NO_MOMENT) from fault


# The name in the file, the name of what is found, and the reader of the value.
FIELDS: Mapping[str, tuple[str, Callable[[object], Any]]] = {
    "id": ("id", _id),
    "title": ("title", _line),
    "ask": ("ask", _line),
    "decision_maker": ("decision_maker", _line),
    "starter": ("starter_name", _line),
    "topic": ("topic", _line),
    "goal": ("first_goal", _goal),
    "language": ("language", _line),
    "state": ("state", _state),
    "closes": ("closes_at", _moment),
    "note": ("note", _text),
    "source": ("source", _line),
}
