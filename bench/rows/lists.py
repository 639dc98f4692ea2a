"""Home, browse and search on a full site: what one reader waits for."""

import random
import time
from collections.abc import Iterator
from itertools import count
from urllib.parse import urlencode

from bench.client import Line
from bench.figures import Figure, Row, percentile
from bench.ground import Bench
from bench.load import OK, Refused
from bench.words import COMMON, SUBJECTS, vocabulary
from tests.chaos.crowd import Request

# After so long nobody answers from what was kept (`PAGE_CACHE_SECONDS` is 1): the home page has one address only.
KEPT_SECONDS = 1.1
TOPICS = "animals schools climate culture health housing migration parks government safety streets work other"
SORTS = ("new", "signed")
WITH_A_TOPIC, FURTHER_ON = 0.7, 0.5
# The words' ranks, from those that hundreds have to those that hardly anybody has.
RARER = (150, 300, 1_000, 5_000, 19_000)


def lists(bench: Bench) -> list[Row]:
    """Read the home page whenever it is stale, and lists that nobody has read yet in between."""
    sizes = bench.sizes
    bench.warm("/", "/petitions/", "/petitions/?q=school", "/petitions/?q=xyzzy")
    dice = random.Random(1)
    asked = {"browse": browsing(dice), "search": searches(dice)}
    rounds = [_round(bench, asked) for _ in range(sizes.rounds)]
    return [
        Row(
            f"{name} at {sizes.petitions:,} petitions, one client, 95th percentile ({sum(len(waits[name]) for waits in rounds)} requests)",
            Figure(tuple(percentile(waits[name], 95) for waits in rounds), " ms"),
            must=80,
            aim=40,
            less_is_better=True,
            unit=" ms",
        )
        for name in ("home", *asked)
    ]


def _round(bench: Bench, asked: dict[str, Iterator[str]]) -> dict[str, list[float]]:
    line = Line(bench.web.port, tls=False)
    waits: dict[str, list[float]] = {"home": [], **{name: [] for name in asked}}
    for _ in range(bench.sizes.look_ups):
        stale_at = time.monotonic() + KEPT_SECONDS
        while time.monotonic() < stale_at:
            for name, paths in asked.items():
                waits[name].append(wait(bench, line, next(paths)))
        waits["home"].append(wait(bench, line, "/"))
    line.close()
    return waits


def wait(bench: Bench, line: Line, path: str) -> float:
    """Return for how many milliseconds this reader waits for a page."""
    raw = bench.web.raw(Request(path)).encode()
    began = time.monotonic()
    status, _ = line.ask(raw)
    if status != OK:
        raise Refused(f"{path}: {status}")
    return 1000 * (time.monotonic() - began)


def browsing(dice: random.Random) -> Iterator[str]:
    """Return addresses of lists: by topic or not, newest or most signed, some of the first pages."""
    for nth in count():
        chosen = {"sort": SORTS[nth % len(SORTS)]}
        if dice.random() < WITH_A_TOPIC:
            chosen["topic"] = dice.choice(TOPICS.split())
        if dice.random() < FURTHER_ON:
            chosen["page"] = str(dice.randint(2, 20))
        yield f"/petitions/?{urlencode(chosen)}"


def searches(dice: random.Random) -> Iterator[str]:
    """Return addresses of searches: common words, rare ones, two at once, mistyped ones, within a topic."""
    words = vocabulary()
    known = len(COMMON.split()) + len(SUBJECTS.split())
    while True:
        yield _search(dice.choice(SUBJECTS.split()))
        yield _search(words[dice.randrange(known, dice.choice(RARER))])
        yield _search(f"{dice.choice(SUBJECTS.split())} {words[dice.randrange(known, RARER[1])]}")
        yield _search(_mistyped(words[dice.randrange(known, dice.choice(RARER))], dice))
        yield _search(dice.choice(SUBJECTS.split()), topic=dice.choice(TOPICS.split()))


def _search(words: str, **more: str) -> str:
    return f"/petitions/?{urlencode({'q': words, **more})}"


def _mistyped(word: str, dice: random.Random) -> str:
    place = dice.randrange(len(word))
    return f"{word[:place]}{dice.choice('aeiourst')}{word[place:]}"
