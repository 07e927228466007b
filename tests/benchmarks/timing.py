"""Helpers of the speed benchmarks: two cores for everyone, contenders in turn, medians; PyTorch where there is one.

PyTorch is no dependency of Dropsmith: the scripts that compare with it say how to get it where it is missing.
"""

import os
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

CORES = 2
TORCH_MISSING = (
    "PyTorch is not installed, so it is left out; to compare with it: "
    "pip install torch --target FOLDER, then PYTHONPATH=FOLDER"
)


def pin_to_two_cores() -> None:
    """Let this process and its threads use two cores; call it before JAX or PyTorch compute anything."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])


def find_torch() -> Any:
    """PyTorch, or None, which is said on stdout."""
    try:
        import torch
    except ImportError:
        print(TORCH_MISSING)
        return None
    return torch


class Seconds(NamedTuple):
    """Seconds of a contender's calls: the median of the rounds, and the fastest, which other work delays least."""

    median: float
    fastest: float

    def __truediv__(self, other: "Seconds") -> str:  # type: ignore[override]  # a ratio to print
        """Ratio to another's, as text."""
        return f"{self.median / other.median:.2f} (fastest rounds {self.fastest / other.fastest:.2f})"


def time_in_turn(contenders: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Seconds]:
    """Seconds of a call of each contender, which take turns; one call each first does not count.

    A contender has to return only when its work is done.
    """
    for run in contenders.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: Seconds(statistics.median(values), min(values)) for name, values in seconds.items()}
