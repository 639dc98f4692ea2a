"""Telling 100,000 supporters that their goal is reached: mails a second for each worker process."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from bench.figures import Anchor, Figure, Row
from bench.ground import Bench
from bench.load import Refused
from bench.memory import pss
from embedded.data_dir import ROOT
from tests.embedded.launching import until

KIND, STARTER_KIND = "milestone-supporter", "milestone-starter"
PATIENCE = 1800.0
# Whoever has started it is told by a mail of another kind.
_WANTING = """
SELECT count(*) FROM signatures_signature s JOIN petitions_petition p ON p.id = s.petition_id
 WHERE p.id = %s AND s.state = 'confirmed' AND s.updates AND s.user_id <> p.starter_id"""
PARTS = 5


def fan_out(bench: Bench) -> list[Row]:
    """Let one signature reach the goal of a petition whose supporters all want to be told."""
    supporters = bench.sizes.supporters
    petition = bench.make(1, supporters, first_goal=supporters + 1, all_mailed=True)[0]
    processes = len(bench.site.worker.family())
    plain = [_plain(bench, processes) for _ in range(bench.sizes.rounds)]
    clicks = bench.clicks(petition, 1)
    bench.sign(petition, clicks)
    expected = bench.site.number(_WANTING, [petition.id])
    bench.due += Counter({KIND: expected, STARTER_KIND: 1})
    seen = list(_watched(bench, expected))
    bench.say("waiting for the second round of the announcement")
    open_ones = "SELECT count(*) FROM signatures_announcement WHERE done_at IS NULL"
    until(lambda: bench.site.number(open_ones) == 0, "the announcement is done", PATIENCE)
    bench.until_quiet()
    if (came := bench.sink.count(KIND)[0]) != expected:
        raise Refused(f"{came} mails came to {expected} supporters")
    rates = Figure(tuple(rate / processes for rate in _rates(bench, seen)), "/s")
    after_a_tenth = next(memory for _, mails, memory in seen if mails >= supporters / 10)
    return [
        Row(
            f"fan-out to {supporters:,} supporters, mails for each of {processes} worker processes",
            rates,
            Anchor(
                f"render + MIME alone, in each of {processes} processes at once", Figure(tuple(plain), "/s")
            ),
            must=0.5,
            aim=1.0,
        ),
        Row(
            "the same: memory of the larger process at the end",
            Figure((seen[-1][2],), " MB"),
            Anchor("after a tenth", Figure((after_a_tenth,), " MB")),
            must=1.1,
            less_is_better=True,
        ),
    ]


def _plain(bench: Bench, processes: int) -> float:
    """Return how many mails a process makes in a second that does nothing else, with its like beside it."""
    command = [sys.executable, "-m", "bench.plain_mail", str(bench.sizes.seconds)]
    running = [
        subprocess.Popen(command, cwd=ROOT, env=bench.site.settings, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    return sum(float(process.communicate()[0]) for process in running) / processes


def _watched(bench: Bench, expected: int) -> Iterator[tuple[float, int, float]]:
    """Yield time, mails so far and the larger process's memory until all have come."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        mails, _first, last = bench.sink.count(KIND)
        if mails:
            yield last, mails, max(map(pss, bench.site.worker.family()))
        if mails >= expected:
            return
        time.sleep(0.2)
    raise Refused(f"{mails} of {expected} mails came")


def _rates(bench: Bench, seen: list[tuple[float, int, float]]) -> list[float]:
    """Return the rate in each of a few parts of the way, or that of the whole where it was too short."""
    mails, first, last = bench.sink.count(KIND)
    marks = [seen[nth * (len(seen) - 1) // PARTS] for nth in range(PARTS + 1)]
    parts = [
        (after - before) / (ended - began)
        for (began, before, _), (ended, after, _) in pairwise(marks)
        if ended > began
    ]
    return parts or [mails / (last - first)]
