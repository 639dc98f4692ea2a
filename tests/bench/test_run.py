"""A run with tiny sizes goes from nothing to a page, and whatever is not exact keeps the page from being written."""

import subprocess
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench import __main__ as program
from bench import checks, report
from bench.figures import Figure, Row, percentile
from bench.ground import (
    CLICKS_ON_A_SMALL_ONE,
    QUICK,
    WARM_CLICKS,
    Bench,
    Petition,
    Sizes,
    bare_project,
    bench,
)
from bench.load import Refused
from bench.rows import signing, visiting
from bench.rows.crowds import Look, enough, lags
from bench.rows.lists import KEPT_SECONDS
from bench.visitors import windows
from config import environment
from embedded import programs
from embedded.data_dir import DataDir
from tests.embedded.launching import TooLate

TINY = replace(QUICK, rounds=1, petitions=20, some=12, signers=20, sustained=1, visitors=4)


TIMES = [10.0, 11.0, 12.0]


def test_a_lag_is_how_long_the_first_missing_signature_was_there():
    looks = [(9.0, 5), (10.5, 5), (10.6, 6), (12.5, 7), (13.0, 8)]
    late = lags([Look(at, at + 0.1, count) for at, count in looks], 5, TIMES)
    assert late == pytest.approx([0.0, 0.5, 0.0, 0.5, 0.0])


def test_what_came_while_the_answer_was_on_its_way_may_be_in_it():
    assert lags([Look(9.0, 11.5, 7)], 5, TIMES) == [0.0]


@pytest.mark.parametrize("count", [4, 8, 9])
def test_a_count_that_was_never_true_is_a_fault(count: int):
    with pytest.raises(Refused):
        lags([Look(11.4, 11.5, count)], 5, TIMES)


def test_a_count_that_goes_back_is_a_fault():
    with pytest.raises(Refused, match="from 7 to 6"):
        lags([Look(11.5, 11.6, 7), Look(11.7, 11.8, 6)], 5, TIMES)


def test_fewer_readers_than_the_row_says_are_a_fault():
    assert enough(450.0) == 450
    with pytest.raises(Refused, match="449 reads/s"):
        enough(449.0)


def test_a_minute_has_windows():
    assert list(windows([0.0, 0.5, 1.9, 2.0, 3.9, 4.1], 4, 2)) == [1.5, 1.0]


def test_the_page_keeps_what_people_have_written(tmp_path: Path):
    page = tmp_path / "benchmarks.md"
    rows = [Row("sign", Figure((1.0,), "/s"))]
    report.write(page, rows, TINY)
    page.write_text(page.read_text() + "\n## What limits it\n\nThe disk.\n")
    report.write(page, [Row("sign", Figure((2.0,), "/s"))], TINY)
    text = page.read_text()
    assert "| sign | 2.00/s | – | – | – | – | – |" in text
    assert "1.00/s" not in text
    assert text.endswith("\n## What limits it\n\nThe disk.\n")
    assert "Python 3." in text


def test_the_bare_project_has_what_the_site_has(tmp_path: Path):
    ours = programs.site(DataDir(tmp_path), {"LOCAL": "0"}).serve[-1]
    anchor = bare_project(1, tmp_path / "hello.log")
    assert ours.environ
    assert anchor.environ
    assert anchor.command[:-1] == ours.command[:-1]
    assert {name: anchor.environ.get(name) for name in programs.ONE_POOL} == {
        name: ours.environ[name] for name in programs.ONE_POOL
    }


def test_the_95th_percentile_of_a_round_is_not_its_longest_wait():
    waits = [float(nth) for nth in range(Sizes().look_ups)]
    assert percentile(waits, 95) < max(waits)
    assert environment.read().page_cache_seconds < KEPT_SECONDS


def test_small_petitions_stay_small(monkeypatch: pytest.MonkeyPatch):
    def made(_bench: Bench, petitions: int, signatures: int) -> list[Petition]:
        return [Petition(nth, f"petition-{nth}", signatures) for nth in range(petitions)]

    def people(_bench: Bench, count: int) -> list[dict[str, Any]]:
        return [{"cookie": "", "number": nth} for nth in range(count)]

    monkeypatch.setattr(Bench, "make", made)
    monkeypatch.setattr(Bench, "members", people)
    sizes, running = Sizes(), Bench(Sizes(), ExitStack(), print)
    assert len(running.few) == sizes.rounds
    for petitions in running.few:
        clicks = Counter(click.path for click in running.spread(petitions, sizes.signed_at_each_size))
        assert clicks.total() == 500
        assert max(clicks.values()) <= CLICKS_ON_A_SMALL_ONE


def test_no_such_row():
    with pytest.raises(SystemExit):
        program.main(["--rows", "sign,nothing"])


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (TooLate("after 300 seconds still not: all counted"), "after 300 seconds still not: all counted"),
        (subprocess.TimeoutExpired(["wrk", "-t1"], 600), "after 600 seconds not at its end: wrk -t1"),
    ],
)
def test_what_takes_too_long_is_said_in_a_sentence(
    late: Exception, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def measure(*_: object) -> list[Row]:
        raise late

    monkeypatch.setattr(program, "measure", measure)
    assert program.main(["--quick"]) == 1
    assert f"counts for nothing: {said}\n" in capsys.readouterr().err


def test_a_run_from_nothing_to_its_figures():
    said: list[str] = []
    with bench(TINY, said.append) as running:
        assert running.site.sql("SHOW wal_level") == [("replica",)]
        rows = [*signing.member(running), *visiting.end_to_end(running)]
        assert [row.must for row in rows] == [0.15, 0.05, 8, None, 4, None]
        assert running.some.expected == TINY.some + WARM_CLICKS + TINY.signers
        # How many were through depends on the machine; somebody was.
        assert running.petitions[-1].expected > TINY.few
        checks.check(running)
        _a_lie_is_found(running)


def _a_lie_is_found(running: Bench) -> None:
    running.some.expected += 1
    running.due[visiting.KIND] += 1
    with pytest.raises(Refused, match=rf"not {running.some.expected}\b") as found:
        checks.check(running)
    assert f"{running.due[visiting.KIND]} were due" in str(found.value)
