"""A million signatures, people who go on signing, and every migration there is."""

import pytest

from embedded import environment, identity, scratch
from tests.chaos.conftest import FULL
from tests.embedded.launching import clean_environ
from tests.migrations.test_locks import LONGEST_WAIT
from tests.migrations.trial import run

ROWS = 1_000_000


@pytest.mark.skipif(not FULL, reason="tests/migrations does the same at 2,000 signatures")
def test_no_migration_keeps_people_from_signing(proof):
    """D11: on a durable server; nobody waits for more than two seconds while any of them runs."""
    with scratch.servers_to_throw_away() as made:
        keys = {**identity.make().keys(), **made.urls}
        tried = run(ROWS, environment.chosen(clean_environ(), made.data, keys))
    assert [each for each in tried if each.faults] == []
    slowest = max(tried, key=lambda each: each.longest_wait)
    read = max(tried, key=lambda each: each.longest_read)
    assert max(slowest.longest_wait, read.longest_read) <= LONGEST_WAIT
    longest = max(tried[:-1], key=lambda each: each.seconds)
    proof(
        "D11",
        f"{len(tried) - 1} migrations on {ROWS} signatures: a signer waited {slowest.longest_wait:.2f} s at most "
        f"({slowest.migration}), a reader {read.longest_read:.2f} s ({read.migration}); the longest took {longest.seconds:.1f} s ({longest.migration})",
    )
