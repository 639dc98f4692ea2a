"""The arithmetic of the table."""

import pytest

from bench.figures import Anchor, Figure, Row, number, percentile, side_by_side, table


@pytest.mark.parametrize(("share", "value"), [(0, 1), (1, 1), (50, 50), (95, 95), (99, 99), (100, 100)])
def test_a_percentile_is_one_of_the_values(share: int, value: int):
    assert percentile(list(range(100, 0, -1)), share) == value


def test_the_percentile_of_few_values_is_their_worst():
    assert percentile([3.0, 1.0, 2.0], 95) == 3.0
    assert percentile([7.0], 50) == 7.0


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.154, "0.15"), (9.999, "10.00"), (12.34, "12.3"), (1234.5, "1,234")]
)
def test_numbers_have_three_digits_that_count(value: float, text: str):
    assert number(value) == text


def test_a_figure_tells_its_median_and_its_ends():
    assert str(Figure((300.0, 100.0, 200.0), "/s")) == "200/s [100–300]"
    assert str(Figure((4.0,), " s")) == "4.00 s"
    assert Figure((1.0, 2.0, 3.0, 4.0)).middle == 2.5


def test_a_ratio_compares_round_by_round():
    """The machine was slow in the second round, for both."""
    ours, theirs = Figure((50.0, 10.0, 60.0)), Figure((100.0, 20.0, 100.0))
    assert (ours / theirs).values == (0.5, 0.5, 0.6)
    assert (ours / theirs).middle == 0.5


def test_what_was_measured_another_number_of_times_counts_with_its_median():
    assert (Figure((100.0, 200.0)) / Figure((50.0,))).values == (2.0, 4.0)
    assert (Figure((100.0,)) / Figure((10.0, 20.0, 50.0))).values == (5.0,)


def row(*values: float, **more) -> Row:
    return Row("what", Figure(values), **{"must": 4, "aim": 8, **more})


@pytest.mark.parametrize(("value", "verdict"), [(3.9, "**no**"), (4, "must"), (7.9, "must"), (8, "aim")])
def test_more_is_better(value: float, verdict: str):
    assert row(value).verdict == verdict
    assert row(10 * value, anchor=Anchor("ten", Figure((10.0,)))).verdict == verdict


@pytest.mark.parametrize(("value", "verdict"), [(8.1, "**no**"), (8, "must"), (4.1, "must"), (4, "aim")])
def test_or_less_is(value: float, verdict: str):
    assert row(value, must=8, aim=4, less_is_better=True).verdict == verdict


def test_there_may_be_a_must_alone_or_nothing_to_reach():
    assert row(100, aim=None).verdict == "must"
    assert row(1, must=None, aim=None).verdict == "–"


def test_rounds_are_interleaved_and_every_other_one_is_turned():
    asked = []

    def measure(name: str):
        return lambda turn: asked.append((turn, name)) or float(turn)

    assert side_by_side(3, a=measure("a"), b=measure("b")) == {"a": (0, 1, 2), "b": (0, 1, 2)}
    assert asked == [(0, "a"), (0, "b"), (1, "b"), (1, "a"), (2, "a"), (2, "b")]


def test_a_row_of_the_table_says_everything():
    signed = Row(
        "sign", Figure((150.0, 250.0), "/s"), Anchor("hello", Figure((1000.0, 1000.0), "/s")), 0.15, 0.25
    )
    assert table([signed]).splitlines() == [
        "| row | figure | against | ratio | must | aim | reached |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| sign | 200/s [150–250] | hello: 1,000/s [1,000–1,000] | 0.20 [0.15–0.25] | 0.15 | 0.25 | must |",
    ]


def test_marks_are_written_with_their_unit():
    cells = Row("import", Figure((50.0,), " s"), None, 120, 40, less_is_better=True, unit=" s").cells()
    assert cells == ["import", "50.0 s", "–", "–", "120 s", "40 s", "must"]
