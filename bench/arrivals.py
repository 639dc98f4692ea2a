"""People who come when they come: `python -m bench.arrivals PORT tls|plain` takes when, from where and what as JSON.

Each is a connection of its own, from an address of its own within 127.0.0.0/8, and waits from the moment that it was due:
a late start counts as waiting. Prints the statuses and the waits.
"""

import json
import sys
import threading
import time
from collections.abc import Sequence

from bench.client import Line

THREADS = 24
Arrival = tuple[float, str, str]


def source(number: int) -> str:
    """Return an address of this machine's own that nobody else has."""
    return f"127.{1 + number // 62_500 % 250}.{number // 250 % 250}.{1 + number % 250}"


def answered(port: int, arrivals: Sequence[Arrival], *, tls: bool) -> list[tuple[int, float]]:
    """Let them come, and return for each the status and the wait in seconds; 0 is no answer."""
    seen: list[tuple[int, float]] = [(0, 0.0)] * len(arrivals)
    began = time.monotonic() + 0.2

    def work(first: int) -> None:
        for nth in range(first, len(arrivals), THREADS):
            after, address, raw = arrivals[nth]
            time.sleep(max(0.0, began + after - time.monotonic()))
            line = Line(port, tls=tls, source=address)
            try:
                status, _ = line.ask(raw.encode())
            except OSError:
                status = 0
            line.close()
            seen[nth] = (status, time.monotonic() - began - after)

    threads = [threading.Thread(target=work, args=(first,)) for first in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


if __name__ == "__main__":
    print(json.dumps(answered(int(sys.argv[1]), json.load(sys.stdin), tls=sys.argv[2] == "tls")))
