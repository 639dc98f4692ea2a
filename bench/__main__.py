"""`python -m bench`: measures, checks, and writes docs/benchmarks.md."""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bench import checks, report
from bench.figures import Row, table
from bench.ground import QUICK, Bench, Sizes, bench
from bench.load import Refused
from bench.rows import bulk, crowds, flat, lists, mailing, pages, running, signing, visiting
from embedded.data_dir import ROOT
from tests.embedded.launching import TooLate

PAGE = ROOT / "docs" / "benchmarks.md"
ROWS: dict[str, Callable[[Bench], list[Row]]] = {
    "sign": signing.member,
    "visitor": visiting.end_to_end,
    "page": pages.straight,
    "nginx": pages.micro_cache,
    "lists": lists.lists,
    "flat": flat.flatness,
    "crowd": crowds.crowd,
    "lag": crowds.lag,
    "csv": bulk.csv,
    "import": bulk.seeds,
    "fanout": mailing.fan_out,
    "run": running.laptop,
}
_BEGAN = time.monotonic()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; 1 where anything was answered wrong or is not as it should be at the end."""
    chosen = _chosen(arguments)
    names = chosen.rows or list(ROWS)
    sizes = QUICK if chosen.quick else Sizes()
    sizes = replace(sizes, **{name: value for name, value in _numbers(chosen).items() if value})
    try:
        rows = measure(names, sizes)
    except (Refused, TooLate) as refused:
        _say(f"this run counts for nothing: {refused}")
        return 1
    except subprocess.TimeoutExpired as late:
        command = " ".join(map(str, late.cmd))
        _say(f"this run counts for nothing: after {late.timeout:g} seconds not at its end: {command}")
        return 1
    print(table(rows))
    page = chosen.page or (None if chosen.rows or chosen.quick else PAGE)
    if page:
        report.write(page, rows, sizes)
        _say(f"wrote {page}")
    return 0


def measure(names: Sequence[str], sizes: Sizes) -> list[Row]:
    """Measure these rows on one site, and check everything afterwards."""
    rows = []
    with bench(sizes, _say) as running:
        for name in names:
            _say(f"measuring {name}")
            measured = ROWS[name](running)
            rows += measured
            print(table(measured), file=sys.stderr)
        checks.check(running)
    return rows


def _chosen(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=_names, help=f"some of {','.join(ROWS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs")
    parser.add_argument("--page", type=Path, help="where the table is written, also of some rows")
    for name in ("rounds", "petitions", "many", "supporters", "signers", "seeds"):
        parser.add_argument(f"--{name}", type=int)
    for name in ("seconds", "sustained"):
        parser.add_argument(f"--{name}", type=float)
    return parser.parse_args(arguments)


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(ROWS):
        raise argparse.ArgumentTypeError(f"no such row: {', '.join(sorted(unknown))}")
    return names


def _numbers(chosen: argparse.Namespace) -> dict[str, float | None]:
    names = ("rounds", "petitions", "many", "supporters", "signers", "seeds", "seconds", "sustained")
    return {name: getattr(chosen, name) for name in names}


def _say(line: str) -> None:
    print(f"{time.monotonic() - _BEGAN:6.0f} s  {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
