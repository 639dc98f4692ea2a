"""A named list that rooms fill in `AppConfig.ready` and another room reads."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class Registry(Generic[Entry]):
    """Keeps one entry for each name, in the order of registration."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def register(self, name: str, entry: Entry) -> None:
        """Add an entry; a name taken by another entry is a programming error."""
        if self._entries.setdefault(name, entry) is not entry:
            raise ValueError(f"{name!r} is registered twice")

    def __iter__(self) -> Iterator[tuple[str, Entry]]:
        return iter(self._entries.items())
