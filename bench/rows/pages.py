"""A petition's page: as visitors meet it, made anew for each request, and through nginx."""

import time
from pathlib import Path

from bench import load
from bench.figures import Anchor, Figure, Row, side_by_side
from bench.ground import Bench
from bench.rows.lists import KEPT_SECONDS
from bench.rows.signing import hello
from tests.chaos.crowd import Request

# So often that each of the web server's processes has read each page.
READ_BEFORE = 8
# Enough to keep nginx busy.
CONNECTIONS = 16
_OTHERS = """
SELECT slug FROM petitions_petition WHERE state = 'published' AND starter_id IS NOT NULL AND id <> ALL(%s)
 ORDER BY md5(id::text) LIMIT %s"""


def straight(bench: Bench) -> list[Row]:
    """Ask gunicorn for one page that everybody reads, for pages read before, and for pages that nobody has read yet.

    What nobody has read yet pushes out what was: so those read before are read before each round, and then left alone for
    longer than a page is kept.
    """
    sizes, page = bench.sizes, Request(bench.many.path)
    known, *unread = _in_piles(_others(bench, (1 + sizes.rounds) * sizes.pages), sizes.pages)
    bench.warm(bench.some.path, f"{bench.some.path}count.json")
    taken = side_by_side(
        sizes.rounds,
        hello=lambda _: hello(bench),
        again=lambda _: _again(bench, known),
        met=lambda _: load.again(bench.web, [page], sizes.seconds).rate,
        unread=lambda turn: load.once(bench.web, unread[turn], expected=load.OK).rate,
    )
    figures = {name: Figure(values, "/s") for name, values in taken.items()}
    bare = Anchor("hello", figures["hello"])
    title = "petition page rebuilt on each request"
    return [
        Row(
            "petition page straight from gunicorn, as a visitor meets it",
            figures["met"],
            bare,
            must=0.9,
            aim=1.5,
        ),
        Row(f"{title} (read before, no longer kept)", figures["again"], bare, must=0.35, aim=0.55),
        Row(
            f"{title} (each another one, which nobody has read yet)",
            figures["unread"],
            bare,
            must=0.35,
            aim=0.55,
        ),
    ]


def _again(bench: Bench, known: list[Request]) -> float:
    for _ in range(READ_BEFORE):
        load.once(bench.web, known, expected=load.OK)
    time.sleep(KEPT_SECONDS)
    return load.once(bench.web, known, expected=load.OK).rate


def _in_piles(requests: list[Request], size: int) -> list[list[Request]]:
    return [requests[start : start + size] for start in range(0, len(requests), size)]


def _others(bench: Bench, number: int) -> list[Request]:
    ours = [petition.id for petition in bench.petitions]
    slugs = [slug for (slug,) in bench.site.sql(_OTHERS, [ours, number])]
    if len(slugs) < number:
        raise load.Refused(f"{len(slugs)} petitions are too few for {number} different pages")
    return [Request(f"/petitions/{slug}/") for slug in slugs]


def micro_cache(bench: Bench) -> list[Row]:
    """Ask the shipped nginx for one page, and for a static file of its size."""
    if not bench.front:
        bench.say("nginx is not installed: no figures for its cache")
        return []
    page = bench.get(bench.outside, bench.many.path)
    _place(bench.front.folder, page)
    paths = {"page": bench.many.path, "file": "/static/bench.html"}
    zipped = {"Accept-Encoding": "gzip"}
    taken = side_by_side(
        bench.sizes.rounds,
        page=lambda _: _rate(bench, Request(paths["page"])),
        file=lambda _: _rate(bench, Request(paths["file"])),
        zipped_page=lambda _: _rate(bench, Request(paths["page"], headers=zipped)),
        zipped_file=lambda _: _rate(bench, Request(paths["file"], headers=zipped)),
    )
    figures = {name: Figure(values, "/s") for name, values in taken.items()}
    size = f"nginx, static file of the same {len(page):,} bytes"
    return [
        Row(
            "petition page through nginx’s micro-cache",
            figures["page"],
            Anchor(size, figures["file"]),
            must=0.7,
            aim=0.9,
        ),
        Row("the same, gzip", figures["zipped_page"], Anchor(f"{size}, gzip", figures["zipped_file"])),
    ]


def _place(folder: Path, page: bytes) -> None:
    (folder / "srv" / "static" / "bench.html").write_bytes(page)


def _rate(bench: Bench, request: Request) -> float:
    return load.again(bench.outside, [request], bench.sizes.seconds, connections=CONNECTIONS).rate
