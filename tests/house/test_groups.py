"""The runner keeps together what asks for it; were it to stop, sites would come up twice and stand in each other's way."""

import pytest


@pytest.mark.xdist_group("together")
def test_the_runner_heeds_groups(request: pytest.FixtureRequest):
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("the tests run on one worker, or by hand")
    assert request.node.nodeid.endswith("@together")
