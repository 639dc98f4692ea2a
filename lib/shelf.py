"""Room for so much and no more: what was put there first goes first."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Shelf(Generic[K, V]):
    """Keeps values by key up to a total weight; safe for threads, and reading takes no lock."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.weight = 0
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        """Return what is kept under the key, if anything is."""
        found = self._kept.get(key)
        return found[0] if found else None

    def put(self, key: K, value: V, weight: int = 1) -> None:
        """Keep a value as the latest; the oldest ones make room for it."""
        with self._lock:
            self._remove(key)
            self._kept[key] = value, weight
            self.weight += weight
            while self.weight > self.most:
                self._remove(next(iter(self._kept)))

    def drop(self, key: K) -> None:
        """Forget what is kept under the key."""
        with self._lock:
            self._remove(key)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self.weight = 0

    def _remove(self, key: K) -> None:
        found = self._kept.pop(key, None)
        self.weight -= found[1] if found else 0
