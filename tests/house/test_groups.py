"""The runner keeps together what asks for it; were it to stop, sites would come up twice and stand in each other's way."""

import os

import pytest


@pytest.mark.xdist_group("together")
def test_the_runner_heeds_groups(request: pytest.FixtureRequest):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("all tests run in one process")
    assert request.node.nodeid.endswith("@together")
