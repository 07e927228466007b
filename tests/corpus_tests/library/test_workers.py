"""Worker processes that end, hang or fill the memory: the rest of the work goes on without them.

Inputs are expressions; the function is Python's own `eval`, which a new process can find.
"""

import sys
import time

import pytest

from corpus.library.workers import run_guarded

ENDS = "__import__('os').kill(__import__('os').getpid(), 9)"
HANGS = "sum(range(10**13))"
FILLS = "len(bytearray(3 * 10**9))"


def results(jobs, workers=2, seconds=1.0, **more):
    return dict(run_guarded(eval, jobs, workers, seconds, **more))


def test_every_input_is_answered_once_as_workers_come_free():
    jobs = [f"{number} * 2" for number in range(50)]
    assert results(jobs) == {job: number * 2 for number, job in enumerate(jobs)}
    assert results([]) == {}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds what a process takes")
def test_what_ends_hangs_or_fills_its_worker_is_told_and_the_rest_goes_on():
    good = [f"{number} + 1" for number in range(12)]
    started = time.monotonic()
    found = results([*good[:5], ENDS, *good[5:9], HANGS, FILLS, *good[9:]])
    assert found == {ENDS: None, HANGS: None, FILLS: None} | {job: number + 1 for number, job in enumerate(good)}
    assert time.monotonic() - started < 60


def test_a_large_input_has_its_turn_at_the_end():
    asked = [*(f"{number} + 0" for number in range(10)), "'large'"]
    order = [job for job, _ in run_guarded(eval, reversed(asked), 2, 1.0, lambda job: "large" in job)]
    assert order[-1] == "'large'"
    assert sorted(order) == sorted(asked)


def test_what_the_function_raises_is_raised():
    with pytest.raises(ZeroDivisionError):
        results(["1", "1 // 0", "2"])
