"""What a process has is seen while it has it."""

import os

import pytest

from bench import memory
from bench.memory import Watch, pss


def test_it_remembers_the_most():
    before = pss(os.getpid())
    with Watch([os.getpid(), os.getppid()]) as watch:
        much = bytearray(os.urandom(1 << 20) * 40)
        watch._look()
        del much
    assert before > 1
    assert before + 20 < watch.peak < before + 200


def test_the_largest_counts_also_where_another_grew_more(monkeypatch: pytest.MonkeyPatch):
    sizes = {1: 110.0, 2: 40.0}
    monkeypatch.setattr(memory, "pss", sizes.__getitem__)
    with Watch(sizes) as watch:
        sizes |= {1: 112.0, 2: 60.0}
    assert watch.peak == 112


def test_a_process_that_has_ended_has_nothing():
    assert pss(2**22 + 1) == 0
