"""What a process has is seen while it has it."""

import os

from bench.memory import Watch, pss


def test_it_remembers_the_most():
    before = pss(os.getpid())
    with Watch([os.getpid(), os.getppid()]) as watch:
        much = bytearray(os.urandom(1 << 20) * 40)
        watch._look()
        del much
    assert before > 1
    assert before + 20 < watch.peak < before + 200


def test_a_process_that_has_ended_has_nothing():
    assert pss(2**22 + 1) == 0
