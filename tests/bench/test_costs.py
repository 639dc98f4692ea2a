"""What single requests and mails cost is measured for every name that the model computes with."""

import re

from bench import costs
from embedded.data_dir import ROOT
from tests.petitions.racing import committed

NAMES = re.compile(r"^\| `(\w+_(?:ms|wal))` \| [\d.]+ \|", re.MULTILINE)


@committed
def test_it_measures_each_name_of_the_model(monkeypatch):
    for name, value in {"PETITIONS": 20, "SIGNATURES": 20, "SUPPORTERS": 20, "WARM_UP": 1}.items():
        monkeypatch.setattr(costs, name, value)
    found = costs.measure(2)
    assert set(found) == set(NAMES.findall((ROOT / "docs" / "scaling.md").read_text()))
    assert min(found.values()) > 0
