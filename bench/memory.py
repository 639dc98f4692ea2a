"""Memory as Linux shares it out: a page that three processes have counts a third for each (PSS)."""

import re
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
TICK = 0.1


def pss(process: int) -> float:
    """Return a process's part in MB; of one that has ended nothing."""
    with suppress(OSError):
        found = _PSS.search(Path(f"/proc/{process}/smaps_rollup").read_text())
        return int(found[1]) / 1024 if found else 0.0
    return 0.0


class Watch:
    """Looks at some processes again and again, and remembers the most that each had."""

    def __init__(self, processes: Iterable[int]) -> None:
        self.most = {process: pss(process) for process in processes}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._look()

    @property
    def peak(self) -> float:
        """The most that any of them had: which one worked need not be known, and nothing larger goes unseen."""
        return max(self.most.values())

    def _look_on(self) -> None:
        while not self._over.wait(TICK):
            self._look()

    def _look(self) -> None:
        for process, most in self.most.items():
            self.most[process] = max(most, pss(process))
