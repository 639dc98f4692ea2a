"""A petition's page: as visitors meet it, made anew for each request, and through nginx."""

from pathlib import Path

from bench import load
from bench.figures import Anchor, Figure, Row, side_by_side
from bench.ground import Bench
from bench.rows.signing import hello
from tests.chaos.crowd import Request

# Enough to keep nginx busy.
CONNECTIONS = 16
_OTHERS = """
SELECT slug FROM petitions_petition WHERE state = 'published' AND starter_id IS NOT NULL AND id <> ALL(%s)
 ORDER BY md5(id::text) LIMIT %s"""


def straight(bench: Bench) -> list[Row]:
    """Ask gunicorn for one page that everybody reads, and for pages that nobody has read yet."""
    sizes, page = bench.sizes, Request(bench.many.path)
    unread = _unread(bench, sizes.rounds * sizes.pages)
    bench.warm(bench.some.path, f"{bench.some.path}count.json")
    taken = side_by_side(
        sizes.rounds,
        hello=lambda _: hello(bench),
        met=lambda _: load.again(bench.web, [page], sizes.seconds).rate,
        rebuilt=lambda turn: load.once(bench.web, unread[turn :: sizes.rounds], expected=load.OK).rate,
    )
    bare = Anchor("hello", Figure(taken["hello"], "/s"))
    met, rebuilt = Figure(taken["met"], "/s"), Figure(taken["rebuilt"], "/s")
    return [
        Row("petition page straight from gunicorn, as a visitor meets it", met, bare, must=0.9, aim=1.5),
        Row("petition page rebuilt on each request (each another one)", rebuilt, bare, must=0.35, aim=0.55),
    ]


def _unread(bench: Bench, number: int) -> list[Request]:
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
