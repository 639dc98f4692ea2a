"""What a member's click costs: against a bare project, against a bare insert, and against the record."""

import re
from pathlib import Path

from bench import load
from bench.figures import Anchor, Figure, Row, side_by_side
from bench.ground import Bench, Petition
from tests.chaos.crowd import Request

# The petition of 2019 to revoke Article 50 at its peak; the site fell (2,000 a minute).
ARTICLE_50 = Anchor("Article 50’s peak", Figure((33.3,), "/s"))
CLIENTS, THREADS = 8, 2
TABLE = """
CREATE TABLE bench_insert (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, petition_id bigint NOT NULL REFERENCES petitions_petition,
  person bigint NOT NULL, at timestamptz NOT NULL DEFAULT now())"""
INSERT = r"""\set person random(1, 1000000000)
INSERT INTO bench_insert (petition_id, person) VALUES (:petition, :person);
"""
_RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


def member(bench: Bench) -> list[Row]:
    """Let members sign with one click: session, CSRF, form, uniqueness, delta, and whatever else it takes."""
    petition, sizes = bench.some, bench.sizes
    clicks = [bench.clicks(petition, sizes.signers) for _ in range(sizes.rounds)]
    script = _prepare_insert(bench)
    slow: list[float] = []
    bench.warm_signing(petition)

    def sign(turn: int) -> float:
        reply = bench.sign(petition, clicks[turn])
        slow.append(reply.p99)
        return reply.rate

    taken = side_by_side(
        sizes.rounds,
        hello=lambda _: hello(bench),
        insert=lambda _: _insert(bench, petition, script),
        sign=sign,
    )
    bench.site.sql("DROP TABLE bench_insert")
    signed = Figure(taken["sign"], "/s")
    what = f"member’s sign POST, {sizes.some:,} signatures on the petition"
    bare = Anchor("hello", Figure(taken["hello"], "/s"))
    inserted = Anchor(f"raw insert with a foreign key, {CLIENTS} clients", Figure(taken["insert"], "/s"))
    return [
        Row(what, signed, bare, must=0.15, aim=0.25),
        Row("the same", signed, inserted, must=0.05, aim=0.08),
        Row("the same", signed, ARTICLE_50, must=8, aim=15, unit="×"),
        Row("the same, 99th percentile", Figure(tuple(slow), " ms")),
    ]


def hello(bench: Bench) -> float:
    """Return how often the bare project answers in a second."""
    return load.again(bench.hello, [Request("/")], bench.sizes.seconds).rate


def _prepare_insert(bench: Bench) -> Path:
    bench.site.sql(TABLE)
    script = bench.folder / "insert.sql"
    script.write_text(INSERT)
    return script


def _insert(bench: Bench, petition: Petition, script: Path) -> float:
    how = ["--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", f"--jobs={THREADS}"]
    what = [
        f"--file={script}",
        f"--define=petition={petition.id}",
        f"--time={max(1, round(bench.sizes.seconds))}",
    ]
    said = bench.postgres("pgbench", *how, *what)
    found = _RATE.search(said)
    if not found or "number of failed transactions: 0 " not in said:
        raise load.Refused(f"pgbench: {said}")
    return float(found[1])
