"""A petition that everybody signs and watches at once: what signers wait for, and how late the count is."""

import json
import subprocess
import sys
import threading
import time
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from bench import load
from bench.arrivals import source
from bench.client import Line
from bench.figures import Anchor, Figure, Row, percentile, side_by_side
from bench.ground import Bench, Petition
from bench.load import Refused
from embedded.data_dir import ROOT
from tests.chaos.crowd import Request
from tests.embedded.launching import until

SIGNED_A_SECOND, READ_A_SECOND = 60, 500
READERS = 50
# Until all of them have shaken hands and come evenly.
LEAD_SECONDS = 2
# With fewer than this it would be another row.
LEAST_READ_A_SECOND = 450
# Of each wait and the next look.
LOOK_SECONDS = 0.05
SETTLED_SECONDS = 10


def crowd(bench: Bench) -> list[Row]:
    """Let 60 a second sign through nginx, alone and while 500 a second read the page and the count."""
    petition, sizes = bench.many, bench.sizes
    bench.warm(petition.path, f"{petition.path}count.json")
    bench.warm_signing(petition)
    reads: list[float] = []
    number = round(SIGNED_A_SECOND * sizes.seconds)
    clicks = [[bench.clicks(petition, number) for _ in range(sizes.rounds)] for _ in range(2)]

    def among_readers(turn: int) -> float:
        looked_at = [Request(petition.path), Request(f"{petition.path}count.json")]
        pause = 1000 * READERS / READ_A_SECOND
        # The readers come first and go last.
        with load.begin(bench.outside, looked_at, load.PATIENCE, connections=READERS, pause=pause) as readers:
            time.sleep(LEAD_SECONDS)
            slow = _slowest(bench, petition, clicks[0][turn])
            reads.append(enough(readers.end().rate))
        return slow

    taken = side_by_side(
        sizes.rounds, alone=lambda turn: _slowest(bench, petition, clicks[1][turn]), among=among_readers
    )
    through = "nginx" if bench.front else "gunicorn"
    what = f"{SIGNED_A_SECOND} signatures/s on one petition beside {READ_A_SECOND} reads/s, through {through}: 99th percentile"
    return [
        Row(
            what,
            Figure(taken["among"], " ms"),
            Anchor("alone", Figure(taken["alone"], " ms")),
            must=3,
            aim=2,
            less_is_better=True,
            unit="×",
        ),
        Row("the same: reads answered", Figure(tuple(reads), "/s")),
    ]


def enough(reads: float) -> float:
    """Return how many were answered a second, where these are about as many as the row says."""
    if reads < LEAST_READ_A_SECOND:
        raise Refused(f"{reads:.0f} reads/s were answered beside those who signed, not {READ_A_SECOND}")
    return reads


def _slowest(bench: Bench, petition: Petition, clicks: list[Request]) -> float:
    """Return the 99th percentile of the waits in ms."""
    addresses = [source(number) for number in bench.numbers(len(clicks))]
    target = bench.outside
    arrivals = [
        (nth / SIGNED_A_SECOND, address, target.raw(click))
        for nth, (address, click) in enumerate(zip(addresses, clicks, strict=True))
    ]
    done = subprocess.run(
        [sys.executable, "-m", "bench.arrivals", str(target.port), "tls" if target.tls else "plain"],
        cwd=ROOT,
        input=json.dumps(arrivals),
        capture_output=True,
        text=True,
        check=False,
    )
    seen = json.loads(done.stdout) if done.returncode == 0 else []
    if len(seen) != len(clicks) or any(status != load.FOUND for status, _ in seen):
        raise Refused(f"signing through {target.url}: {done.stderr[-1000:]} {seen[:3]}")
    bench.signed(petition, len(clicks))
    return 1000 * percentile([wait for _, wait in seen], 99)


@dataclass(frozen=True)
class Look:
    """When somebody asked for the count and was told, by this machine's clock, and what."""

    asked: float
    told: float
    count: int


def lag(bench: Bench) -> list[Row]:
    """Look at the count all the time while members sign as fast as they can."""
    petition, sizes = bench.some, bench.sizes
    bench.warm(f"{petition.path}count.json")
    bench.warm_signing(petition)
    worst = []
    for _ in range(sizes.rounds):
        clicks = bench.clicks(petition, sizes.signers)
        before = petition.expected
        with _Watcher(bench, petition) as watcher:
            bench.sign(petition, clicks)
        worst.append(max(lags(watcher.looks, before, _times(bench, petition, sizes.signers)), default=0.0))
    return [
        Row(
            "count lag under load: how long a signature was not in count.json, at worst (the count never went back)",
            Figure(tuple(worst), " s"),
            must=2,
            aim=1,
            less_is_better=True,
            unit=" s",
        ),
    ]


class _Watcher:
    """Somebody who never looks away."""

    def __init__(self, bench: Bench, petition: Petition) -> None:
        self._before = petition.expected
        self.looks: list[Look] = []
        self._target = bench.outside
        self._raw = self._target.raw(Request(f"{petition.path}count.json")).encode()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        # What nginx has kept of the round before would be taken for a count that was never true.
        until(lambda: self._seen() == self._before, "the count is what it was", SETTLED_SECONDS)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _seen(self) -> int:
        line = Line(self._target.port, tls=self._target.tls)
        _, body = line.ask(self._raw)
        line.close()
        return int(json.loads(body)["signatures"])

    def _look(self) -> None:
        line = Line(self._target.port, tls=self._target.tls)
        while not self._over.wait(LOOK_SECONDS):
            asked = time.time()
            _, body = line.ask(self._raw)
            self.looks.append(Look(asked, time.time(), json.loads(body)["signatures"]))
        line.close()


def _times(bench: Bench, petition: Petition, number: int) -> list[float]:
    """Return when the last so many signatures were made, by the clock of the database, which is ours."""
    query = """SELECT extract(epoch FROM confirmed_at) FROM signatures_signature
                WHERE petition_id = %s AND state = 'confirmed' ORDER BY confirmed_at DESC LIMIT %s"""
    return sorted(float(at) for (at,) in bench.site.sql(query, [petition.id, number]))


def lags(looks: list[Look], before: int, times: list[float]) -> list[float]:
    """Return for each look how long the first signature that it did not show had been there already.

    A count that was not true at any moment before is a fault, and so is one below what was told before.
    """
    if back := [(one.count, other.count) for one, other in pairwise(looks) if one.count > other.count]:
        raise Refused(f"the count went back from {back[0][0]} to {back[0][1]}")
    late = []
    for look in looks:
        shown = look.count - before
        if not 0 <= shown <= bisect_right(times, look.told):
            raise Refused(f"the count was {look.count}, which was never true")
        there = bisect_right(times, look.asked)
        late.append(look.asked - times[shown] if shown < there else 0.0)
    return late
