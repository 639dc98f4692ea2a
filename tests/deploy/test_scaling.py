"""The capacity model's results follow from its values."""

import re

import pytest

from petitions.goals import reached
from tests.deploy.fronting import ROOT

MODEL = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
VALUES = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", MODEL, re.MULTILINE)
RESULTS = re.findall(r"^\| `(\w+)` \| `(.+)` \| ([\d.]+) \|$", MODEL, re.MULTILINE)


def computed() -> dict[str, float]:
    names = {name: float(value) for name, value in VALUES}
    names["goals_sum"] = float(sum(reached(int(names["signatures"]), 100)))
    for name, formula, _written in RESULTS:
        names[name] = eval(formula, {"__builtins__": {"min": min}}, names)
    return names


def test_it_has_values_and_results():
    assert len(VALUES) > 30
    assert len(RESULTS) > 15


@pytest.mark.parametrize(("name", "_formula", "written"), RESULTS)
def test_a_result_is_what_its_formula_gives(name: str, _formula: str, written: str):
    assert computed()[name] == pytest.approx(float(written), rel=0.03)


def test_it_names_the_sum_of_all_goals():
    assert f"{round(computed()['goals_sum']):,}" in MODEL
