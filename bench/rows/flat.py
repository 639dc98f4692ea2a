"""Whether a petition that everybody signs costs more than one that hardly anybody has signed."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from statistics import median

from bench import load
from bench.client import Line
from bench.figures import Anchor, Figure, Row, side_by_side
from bench.ground import CLICKS_ON_A_SMALL_ONE, Bench, Petition
from bench.load import Refused
from bench.rows.lists import KEPT_SECONDS, wait
from embedded.data_dir import ROOT
from tests.chaos.crowd import Request

# As equal as the issue asks for.
EQUAL = 1.2
NAMES = {
    "page": "petition page as a visitor meets it (kept for a second)",
    "rebuilt": "petition page rebuilt, a single reader",
    "sign": "member’s sign POST",
    "count": "count.json",
}


def flatness(bench: Bench) -> list[Row]:
    """Compare page, signing and count.json at three sizes, and what the database reads for each.

    Clicks on small petitions go to many of them, for else these would be small no longer.
    """
    sizes = bench.sizes
    levels = {
        "few": lambda turn: bench.few[turn],
        "some": lambda _: [bench.some],
        "many": lambda _: [bench.many],
    }
    clicks = {
        name: [bench.spread(at(turn), sizes.signed_at_each_size) for turn in range(sizes.rounds)]
        for name, at in levels.items()
    }
    seconds = sizes.seconds / 2
    bench.warm(bench.some.path, f"{bench.some.path}count.json")
    bench.warm_signing(bench.some)

    def read(petition: Petition, more: str = "") -> float:
        # Else it would be read while what was signed just before is counted and mailed.
        bench.until_quiet()
        return load.again(bench.web, [Request(f"{petition.path}{more}")], seconds).rate

    measures = {}
    for name, at in levels.items():
        measures[f"{name} page"] = lambda turn, at=at: read(at(turn)[0])
        measures[f"{name} sign"] = lambda turn, at=at, name=name: (
            bench.sign_each(at(turn), clicks[name][turn]).rate
        )
        measures[f"{name} count"] = lambda turn, at=at: read(at(turn)[0], "count.json")
    taken = side_by_side(sizes.rounds, **measures)
    taken |= _rebuilt(bench, {name: at(0)[0] for name, at in levels.items()})
    rows = [_row(bench, taken, what, shown) for what, shown in NAMES.items()]
    return [*rows, *_buffers(bench)]


def _rebuilt(bench: Bench, petitions: dict[str, Petition]) -> dict[str, tuple[float, ...]]:
    """Return how often in a second one reader after the other would be answered, had each page just gone stale."""
    bench.until_quiet()
    line = Line(bench.web.port, tls=False)
    rounds = [_waits(bench, line, petitions) for _ in range(bench.sizes.rounds)]
    line.close()
    return {f"{name} rebuilt": tuple(1 / median(waits[name]) for waits in rounds) for name in petitions}


def _waits(bench: Bench, line: Line, petitions: dict[str, Petition]) -> dict[str, list[float]]:
    waits: dict[str, list[float]] = {name: [] for name in petitions}
    for nth in range(bench.sizes.stale_looks):
        time.sleep(KEPT_SECONDS)
        for name in petitions if nth % 2 == 0 else reversed(petitions):
            waits[name].append(wait(bench, line, petitions[name].path) / 1000)
    return waits


def _row(bench: Bench, taken: dict[str, tuple[float, ...]], what: str, shown: str) -> Row:
    sizes = bench.sizes
    middle = Figure(taken[f"some {what}"], "/s")
    return Row(
        f"{shown} at {sizes.many:,} signatures (at {sizes.some:,}: {middle})",
        Figure(taken[f"many {what}"], "/s"),
        Anchor(
            f"at {sizes.few:,} to {sizes.few + CLICKS_ON_A_SMALL_ONE:,}", Figure(taken[f"few {what}"], "/s")
        ),
        must=0.85,
        aim=0.95,
    )


def _buffers(bench: Bench) -> list[Row]:
    """Let the database explain what it does for each of the three, on both petitions."""
    few, many = bench.make(1, bench.sizes.few)[0], bench.many
    bench.until_quiet()
    found = {petition.id: _explained(bench, petition) for petition in (few, many)}
    bench.signed(few, 1)
    bench.signed(many, 1)
    names = ("petition page", "count.json", "member’s sign POST")
    return [
        Row(
            f"{name} at {bench.sizes.many:,}, buffers in EXPLAIN",
            Figure((found[many.id][nth],)),
            Anchor(f"at {bench.sizes.few:,}", Figure((found[few.id][nth],))),
            must=EQUAL,
            less_is_better=True,
        )
        for nth, name in enumerate(names)
    ]


def _explained(bench: Bench, petition: Petition) -> Sequence[int]:
    requests = [Request(petition.path), Request(f"{petition.path}count.json"), *bench.clicks(petition, 1)]
    asked = [[request.path, request.body, request.headers] for request in requests]
    done = subprocess.run(
        [sys.executable, "-m", "bench.explain"],
        cwd=ROOT,
        env=bench.site.settings,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(f"bench.explain: {done.stderr[-4000:]}")
    read: list[int] = json.loads(done.stdout.splitlines()[-1])
    return read
