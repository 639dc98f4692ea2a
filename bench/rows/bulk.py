"""Much at once: ten thousand seed files in, a million signatures out."""

import http.client
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.figures import Anchor, Figure, Row, side_by_side
from bench.ground import Bench, Petition
from bench.load import OK, Refused
from bench.memory import Watch
from bench.words import Writer
from tests.chaos.visits import TOKEN

SEED = """---
id: bench-{n}
title: {title}
ask: {ask}
decision_maker: Office {office}
starter: Person {n}
topic: parks
goal: 100
---
{body}
"""
_COPY = (
    r"\copy (SELECT row_number() OVER (), name, confirmed_at::date, reason FROM (SELECT * FROM signatures_signature"
    r" WHERE petition_id = {id} AND state = 'confirmed' ORDER BY confirmed_at, id) s) TO '/dev/null' WITH CSV"
)


def seeds(bench: Bench) -> list[Row]:
    """Plant petitions from files, all in one run of the command."""
    number, folder = bench.sizes.seeds, bench.folder / "seeds"
    folder.mkdir()
    writer = Writer(2)
    for n in range(number):
        text = SEED.format(n=n, title=writer.title(), ask=writer.ask(), office=n // 50, body=writer.body())
        (folder / f"{n:05}.md").write_text(text, encoding="utf-8")
    planted = "SELECT count(*) FROM petitions_seed"
    expected = bench.site.number(planted) + number
    began = time.monotonic()
    done = bench.site.manage("import_seeds", str(folder), "--quiet")
    seconds = time.monotonic() - began
    if done.returncode or bench.site.number(planted) != expected:
        raise Refused(f"import_seeds: {done.stdout[-500:]} {done.stderr[-500:]}")
    what = f"import of {number:,} seed files"
    return [Row(what, Figure((seconds,), " s"), must=120, aim=40, less_is_better=True, unit=" s")]


@dataclass(frozen=True)
class Export:
    """How a file was handed over."""

    seconds: float
    first_byte: float
    memory: float


def csv(bench: Bench) -> list[Row]:
    """Export all signatures of the petition as its moderator does, and with the database's own COPY."""
    petition, cookie = bench.many, _administrator(bench)
    exports: list[Export] = []

    def export(_turn: int) -> float:
        exports.append(_export(bench, petition, cookie))
        return exports[-1].seconds

    def copy(_turn: int) -> float:
        began = time.monotonic()
        bench.postgres("psql", "-X", "-q", "-c", _COPY.format(id=petition.id))
        return time.monotonic() - began

    taken = side_by_side(bench.sizes.rounds, copy=copy, export=export)
    what = f"CSV of {bench.sizes.many:,} signatures"
    return [
        Row(
            what,
            Figure(taken["export"], " s"),
            Anchor("COPY", Figure(taken["copy"], " s")),
            must=8,
            aim=3,
            less_is_better=True,
            unit="×",
        ),
        Row(
            "the same: the most that any process of the web server had (PSS)",
            Figure(tuple(each.memory for each in exports), " MB"),
            must=100,
            aim=60,
            less_is_better=True,
            unit=" MB",
        ),
        Row("the same: to the first byte", Figure(tuple(each.first_byte for each in exports), " s")),
    ]


def _administrator(bench: Bench) -> str:
    person = bench.members(1)[0]
    bench.site.sql(
        "UPDATE accounts_user SET is_staff = true, is_superuser = true WHERE id = %s", [person["id"]]
    )
    return str(person["cookie"])


def _export(bench: Bench, petition: Petition, cookie: str) -> Export:
    site, target = bench.site, bench.web
    line = http.client.HTTPConnection("127.0.0.1", target.port, timeout=600)
    headers = {
        "Host": target.host,
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "192.0.2.1",
        "Referer": f"https://{target.host}/",
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{cookie}; csrftoken={TOKEN}",
    }
    with Watch(site.web.family()) as watch:
        began = time.monotonic()
        path = f"/admin/signatures/signature/export/{petition.id}/"
        line.request("POST", path, urlencode({"csrfmiddlewaretoken": TOKEN}), headers)
        answer = line.getresponse()
        pieces = _pieces(answer)
        lines, first_byte = next(pieces).count(b"\n"), time.monotonic() - began
        lines += sum(piece.count(b"\n") for piece in pieces)
        seconds = time.monotonic() - began
    line.close()
    # One for each signature, and the names of the columns.
    if answer.status != OK or lines != petition.expected + 1:
        raise Refused(f"the export has {lines} lines, status {answer.status}")
    return Export(seconds, first_byte, watch.peak)


def _pieces(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    while piece := answer.read1(1 << 16):
        yield piece
